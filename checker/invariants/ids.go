package invariants

import (
	"fmt"

	"cleave/checker/evidence"
	"cleave/history"
)

// UniqueIDs judges that all operations were given different results; the caller selects operations that are given
// one. Counted: "given" and "given twice". It takes O(n).
func UniqueIDs(operations []history.Operation) Report {
	given := map[evidence.Identity]int{}
	twice := 0
	var broken *evidence.Finding
	for i := range operations {
		o := &operations[i]
		if o.Outcome != history.Ok || o.Result.IsNothing() {
			continue
		}
		first, again := given[evidence.Identify(o.Result)]
		if !again {
			given[evidence.Identify(o.Result)] = i
			continue
		}
		twice++
		if broken == nil {
			found := evidence.Against(fmt.Sprintf("%s was given twice", o.Result), []history.Operation{operations[first], *o}, o.ID,
				fmt.Sprintf("%s had been given to %s", o.Result, evidence.Who(operations[first])))
			broken = &found
		}
	}
	numbers := []Number{count("given", len(given)+twice), count("given twice", twice)}
	switch {
	case broken != nil:
		return Report{*broken, numbers}
	case len(given) == 0:
		return undecided("none was given")
	}
	return Report{evidence.Holding(fmt.Sprintf("%d given, all different", len(given))), numbers}
}

// ConfigVersions judges a configuration that has a version: no client is shown a lower one than it had seen, and
// one version is one configuration. Reads have the version as Version; those without are left out. Counted:
// "reads", "went back" and "two of a version". It takes O(n).
func ConfigVersions(operations []history.Operation) Report {
	newest, content := map[string]int{}, map[int64]int{}
	reads, back, two := 0, 0, 0
	var broken *evidence.Finding
	note := func(kind *int, reason string, before, o history.Operation, but string) {
		*kind++
		if broken == nil {
			found := evidence.Against(reason, []history.Operation{before, o}, o.ID, but)
			broken = &found
		}
	}
	for i := range operations {
		o := &operations[i]
		if o.Outcome != history.Ok || o.Version <= 0 || o.Function.Mutates() {
			continue
		}
		reads++
		if before, known := newest[evidence.Who(*o)]; known && operations[before].Version > o.Version {
			note(&back, "a client was shown an older version than before", operations[before], *o,
				fmt.Sprintf("that is version %d, after version %d", o.Version, operations[before].Version))
		} else {
			newest[evidence.Who(*o)] = i
		}
		if before, known := content[o.Version]; !known {
			content[o.Version] = i
		} else if !operations[before].Result.Equal(o.Result) {
			note(&two, "one version is two configurations", operations[before], *o, fmt.Sprintf("%s had read %s as version %d, too",
				evidence.Who(operations[before]), operations[before].Result, o.Version))
		}
	}
	numbers := []Number{count("reads", reads), count("went back", back), count("two of a version", two)}
	switch {
	case broken != nil:
		return Report{*broken, numbers}
	case reads == 0:
		return undecided("no ok read has a version")
	}
	return Report{evidence.Holding(evidence.Counted(reads, "read") + ": no version goes back, and each is one configuration"), numbers}
}
