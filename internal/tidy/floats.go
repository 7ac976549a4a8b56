package tidy

import (
	"go/ast"
	"go/token"
	"slices"
)

// floats keeps floating point out of the code that decides what happens in a simulation: it may
// round otherwise on another machine. A float that is only printed, such as Duration.Seconds in a
// log line, passes.
func floats(file *File, report reporter) {
	if !file.production("systems", "world/sim", "nemesis") {
		return
	}
	const mend = "decide with integers: nanoseconds, or a numerator and a denominator"
	ast.Inspect(file.Syntax, func(node ast.Node) bool {
		what := ""
		switch node := node.(type) {
		case *ast.Ident:
			if slices.Contains([]string{"float32", "float64", "complex64", "complex128"}, node.Name) {
				what = node.Name
			}
		case *ast.BasicLit:
			if node.Kind == token.FLOAT && isFloat(file.typeOf(node)) {
				what = "the float " + node.Value
			}
		case *ast.BinaryExpr:
			if isFloat(file.typeOf(node.X)) {
				what = "arithmetic with floats"
			}
		case *ast.CallExpr:
			if len(node.Args) == 1 && isFloat(file.typeOf(node.Args[0])) && file.module.typing.info.Types[node.Fun].IsType() {
				what = "a number made from a float"
			}
		}
		if what != "" {
			report(file.line(node.Pos()), what+" in simulated code", mend)
		}
		return true
	})
}
