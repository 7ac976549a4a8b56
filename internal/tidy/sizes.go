package tidy

import (
	"fmt"
	"go/ast"
	"strings"
	"unicode/utf8"
)

// The sizes that a function, a file and a line keep to, tests included.
const (
	mostFunctionLines = 70
	mostFileLines     = 500
	mostColumns       = 160 // a tab counts as four
)

// sizes keeps functions to a screen and files to one noun.
func sizes(file *File, report reporter) {
	if file.Syntax == nil {
		return
	}
	if lines := len(file.Lines); lines > mostFileLines {
		report(lines, fmt.Sprintf("a file of %d lines, over %d", lines, mostFileLines), "split it, one noun a file")
	}
	for i, line := range file.Lines {
		if columns := utf8.RuneCountInString(line) + 3*strings.Count(line, "\t"); columns > mostColumns {
			report(i+1, fmt.Sprintf("a line of %d columns, over %d", columns, mostColumns), "break it")
		}
	}
	for _, declaration := range file.Syntax.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if !ok {
			continue
		}
		first, last := file.line(function.Pos()), file.line(function.End())
		if lines := last - first + 1; lines > mostFunctionLines {
			report(first, fmt.Sprintf("%s has %d lines, over %d", function.Name.Name, lines, mostFunctionLines),
				"take a part with a name of its own out of it")
		}
	}
}
