package tidy

import (
	"cmp"
	"fmt"
	"slices"
)

// Finding is one place where a rule is broken.
type Finding struct {
	File string // relative to the module's root, with slashes
	Line int    // from 1
	What string // what is wrong
	Mend string // how to mend it
}

// String is the finding as compilers write them, so that editors jump to it.
func (f Finding) String() string {
	return fmt.Sprintf("%s:%d: %s: %s", f.File, f.Line, f.What, f.Mend)
}

// A rule looks at one file and reports what breaks it.
type rule func(file *File, report reporter)

type reporter func(line int, what, mend string)

// all is every rule. A file that is no Go has Syntax nil.
func all() []rule {
	return []rule{imports, determinism, mapOrder, floats, sizes, documentation, conduct, leftovers}
}

// Check runs all rules. Findings are in order of file and line.
func Check(module *Module) []Finding { return check(module, all()...) }

func check(module *Module, rules ...rule) []Finding {
	findings := slices.Clone(module.broken)
	for _, file := range module.Files {
		report := func(line int, what, mend string) {
			findings = append(findings, Finding{File: file.Path, Line: line, What: what, Mend: mend})
		}
		for _, rule := range rules {
			rule(file, report)
		}
	}
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return slices.Compact(findings)
}
