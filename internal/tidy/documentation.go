package tidy

import (
	"go/ast"
	"go/types"
	"path"
	"regexp"
	"strings"
)

// documentation asks for a comment on every exported name, one on every package, and in the doc.go
// of a package of three files and more a map that names each of them.
func documentation(file *File, report reporter) {
	if file.Syntax == nil || file.Test {
		return
	}
	packageComment(file, report)
	for _, declaration := range file.Syntax.Decls {
		switch declaration := declaration.(type) {
		case *ast.FuncDecl:
			functionComment(file, declaration, report)
		case *ast.GenDecl:
			groupComment(file, declaration, report)
		}
	}
}

// packageComment looks at a package once, when it comes to its doc.go or else its first file.
func packageComment(file *File, report reporter) {
	files := file.module.in(file.Folder)
	face, text := files[0], ""
	for _, each := range files {
		text += each.Syntax.Doc.Text()
		if path.Base(each.Path) == "doc.go" {
			face = each
		}
	}
	if file != face {
		return
	}
	if text == "" {
		report(1, "package "+file.Syntax.Name.Name+" has no comment", "say in doc.go what it is for")
		return
	}
	if len(files) < 3 {
		return
	}
	if path.Base(face.Path) != "doc.go" {
		report(1, "package "+file.Syntax.Name.Name+" has no doc.go", "move the package comment there and give it a map of the files")
		return
	}
	for _, each := range files {
		if name := path.Base(each.Path); name != "doc.go" && !mentions(text, name) {
			report(1, "the map of files in doc.go does not mention "+name, "say there what that file holds")
		}
	}
}

// mentions tells whether a text names a file, and not only one whose name ends in it.
func mentions(text, name string) bool {
	return regexp.MustCompile(`(^|\W)` + regexp.QuoteMeta(name)).MatchString(text)
}

func functionComment(file *File, function *ast.FuncDecl, report reporter) {
	if !function.Name.IsExported() || function.Recv != nil && !ast.IsExported(receiver(function)) {
		return
	}
	wantName(file, function.Name, function.Doc, report)
}

// receiver is the name of a method's type.
func receiver(function *ast.FuncDecl) string {
	name, _, _ := strings.Cut(types.ExprString(function.Recv.List[0].Type), "[")
	return strings.TrimLeft(name, "*")
}

// groupComment wants each type and each lone constant or variable to have a comment that begins with
// its name. In a group of constants or variables a comment on the group, or any on the name, does.
func groupComment(file *File, declaration *ast.GenDecl, report reporter) {
	grouped := declaration.Lparen.IsValid()
	for _, spec := range declaration.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			comment := spec.Doc
			if !grouped {
				comment = declaration.Doc
			}
			if spec.Name.IsExported() {
				wantName(file, spec.Name, comment, report)
			}
		case *ast.ValueSpec:
			for _, name := range spec.Names {
				if !name.IsExported() {
					continue
				}
				if !grouped {
					wantName(file, name, declaration.Doc, report)
				} else if declaration.Doc == nil && spec.Doc == nil && spec.Comment == nil {
					report(file.line(name.Pos()), name.Name+" has no comment", "put one on it or on its group")
				}
			}
		}
	}
}

func wantName(file *File, name *ast.Ident, comment *ast.CommentGroup, report reporter) {
	line := file.line(name.Pos())
	if comment == nil || strings.TrimSpace(comment.Text()) == "" {
		report(line, name.Name+" has no comment", "say above it what it is, its units, and when it errors")
		return
	}
	if !regexp.MustCompile(`^` + name.Name + `(\W|$)`).MatchString(comment.Text()) {
		report(line, "the comment of "+name.Name+" does not begin with its name", "begin it with "+name.Name)
	}
}
