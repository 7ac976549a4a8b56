package tidy

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// ordered is the code in which nothing may come out in the order of a map.
var ordered = append(append([]string{"reports"}, simulated...), judging...)

const sortMend = `collect the keys and sort them in the next statement, use slices.Sorted(maps.Keys(m)), ` +
	`or say above it "// order does not matter: <why>"`

// mapOrder forbids to range over a map, whose order Go varies on purpose, unless the loop merely
// collects into slices that the next statements sort, or a comment says why order does not matter.
func mapOrder(file *File, report reporter) {
	if !file.production(ordered...) {
		return
	}
	ast.Inspect(file.Syntax, func(node ast.Node) bool {
		statements := statementsOf(node)
		for i, statement := range statements {
			if labelled, ok := statement.(*ast.LabeledStmt); ok {
				statement = labelled.Stmt
			}
			if loop, ok := statement.(*ast.RangeStmt); ok {
				checkRange(file, loop, statements[i+1:], report)
			}
		}
		return true
	})
	mapIterators(file, report)
}

func statementsOf(node ast.Node) []ast.Stmt {
	switch node := node.(type) {
	case *ast.BlockStmt:
		return node.List
	case *ast.CaseClause:
		return node.Body
	case *ast.CommClause:
		return node.Body
	}
	return nil
}

func checkRange(file *File, loop *ast.RangeStmt, rest []ast.Stmt, report reporter) {
	line := file.line(loop.Pos())
	over := file.typeOf(loop.X)
	switch {
	case over == nil:
		report(line, "what this ranges over has no known type", "make the package compile")
	case isMap(over) && !sortsNext(file, loop.Body.List, rest) && !file.excused(loop.Pos(), "order does not matter:"):
		report(line, "it ranges over the map "+types.ExprString(loop.X), sortMend)
	}
}

// isMap knows maps, and type parameters that stand for nothing else.
func isMap(t types.Type) bool {
	if constraint, ok := t.Underlying().(*types.Interface); ok && constraint.NumEmbeddeds() == 1 {
		t = constraint.EmbeddedType(0)
		if union, ok := t.(*types.Union); ok {
			t = union.Term(0).Type()
		}
	}
	_, ok := t.Underlying().(*types.Map)
	return ok
}

// sortsNext tells whether a loop's body does nothing but append to slices, each of which the
// statements right behind the loop sort.
func sortsNext(file *File, body, rest []ast.Stmt) bool {
	slicesMade, only := collects(body)
	if !only || len(slicesMade) == 0 || len(rest) < len(slicesMade) {
		return false
	}
	for _, name := range slicesMade {
		if !slices.ContainsFunc(rest[:len(slicesMade)], func(next ast.Stmt) bool { return sorts(file, next, name) }) {
			return false
		}
	}
	return true
}

// collects lists the slices a body appends to, and tells whether that, under conditions perhaps, is
// all it does.
func collects(body []ast.Stmt) (names []string, only bool) {
	for _, statement := range body {
		var found []string
		switch statement := statement.(type) {
		case *ast.AssignStmt:
			found = appended(statement)
		case *ast.IfStmt:
			inner, innerOnly := collects(statement.Body.List)
			if statement.Else != nil || !innerOnly {
				return nil, false
			}
			names = append(names, inner...)
			continue
		}
		if found == nil {
			return nil, false
		}
		names = append(names, found...)
	}
	slices.Sort(names)
	return slices.Compact(names), true
}

// appended gives x of a statement "x = append(x, ...)".
func appended(statement *ast.AssignStmt) []string {
	if len(statement.Lhs) != 1 || len(statement.Rhs) != 1 {
		return nil
	}
	call, ok := statement.Rhs[0].(*ast.CallExpr)
	if !ok || len(call.Args) == 0 || types.ExprString(call.Fun) != "append" {
		return nil
	}
	name := types.ExprString(statement.Lhs[0])
	if name != types.ExprString(call.Args[0]) {
		return nil
	}
	return []string{name}
}

// sorts tells whether a statement calls a function of slices or sort that sorts the named slice.
func sorts(file *File, statement ast.Stmt, name string) bool {
	found := false
	ast.Inspect(statement, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		path, function := file.selected(call.Fun)
		if path == "sort" || path == "slices" && strings.HasPrefix(function, "Sort") {
			ast.Inspect(call.Args[0], func(node ast.Node) bool {
				argument, ok := node.(ast.Expr)
				found = found || ok && types.ExprString(argument) == name
				return true
			})
		}
		return true
	})
	return found
}

// mapIterators forbids the iterators of package maps, which go in map order too, but as the argument
// of slices.Sorted and its kin.
func mapIterators(file *File, report reporter) {
	sorted := map[ast.Node]bool{}
	ast.Inspect(file.Syntax, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok {
			return true
		}
		path, function := file.selected(call.Fun)
		if path == "slices" && strings.HasPrefix(function, "Sorted") && len(call.Args) > 0 {
			sorted[call.Args[0]] = true
		}
		iterates := path == "maps" && slices.Contains([]string{"All", "Keys", "Values"}, function)
		if iterates && !sorted[call] && !file.excused(call.Pos(), "order does not matter:") {
			report(file.line(call.Pos()), "maps."+function+" goes in map order", sortMend)
		}
		return true
	})
}
