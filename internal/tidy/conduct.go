package tidy

import (
	"go/ast"
	"path"
	"slices"
	"strconv"
	"strings"
)

// conduct forbids what makes a library a bad guest: init functions, printing, logging, leaving the
// process, and panics that do not name the broken invariant.
func conduct(file *File, report reporter) {
	if file.Syntax == nil {
		return
	}
	for _, declaration := range file.Syntax.Decls {
		if function, ok := declaration.(*ast.FuncDecl); ok && function.Recv == nil && function.Name.Name == "init" {
			report(file.line(function.Pos()), "an init function", "let the caller make it, in a literal table or a constructor")
		}
	}
	if file.Test {
		return
	}
	program := file.production(programs...)
	command := roomOf(file.Folder) == "cmd" || program
	ast.Inspect(file.Syntax, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok {
			return true
		}
		line := file.line(call.Pos())
		imported, name := file.selected(call.Fun)
		switch {
		case imported == "os" && name == "Exit" && !program && !(command && path.Base(file.Path) == "main.go"):
			report(line, "os.Exit outside main.go", "return an error")
		case imported == "fmt" && strings.HasPrefix(name, "Print") && !command:
			report(line, "fmt."+name+" in a library", "write to an io.Writer that the caller gives")
		case imported == "log" && !command:
			report(line, "log."+name+" in a library", "return an error")
		case isVaguePanic(call):
			report(line, "a panic that does not say what broke", "name the invariant, e.g. panic(\"sim: an event in the past\")")
		}
		return true
	})
}

// isVaguePanic recognizes panic("unreachable") and its kin.
func isVaguePanic(call *ast.CallExpr) bool {
	function, ok := call.Fun.(*ast.Ident)
	if !ok || function.Name != "panic" || len(call.Args) != 1 {
		return false
	}
	literal, ok := call.Args[0].(*ast.BasicLit)
	if !ok {
		return false
	}
	text, err := strconv.Unquote(literal.Value)
	vague := []string{"", "bug", "error", "impossible", "not implemented", "not reached", "unimplemented", "unreachable"}
	return err == nil && slices.Contains(vague, strings.ToLower(strings.Trim(text, " .!")))
}
