package tidy

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Module is what is checked: the text files of one Go module, read and parsed.
type Module struct {
	Name  string // the module's path, e.g. "cleave"
	Files []*File

	positions *token.FileSet
	broken    []Finding // files that do not parse
	typing    *typing
}

// File is one text file.
type File struct {
	Path   string // relative to the module's root, with slashes
	Folder string // Path without its last element, "." for the root
	Test   bool   // a file of tests
	Lines  []string
	Syntax *ast.File // nil if it is no Go

	module *Module
}

// Load reads the module at a folder. It leaves out Git's own files, testdata, what runs leave (store)
// and what builds leave (bin). A Go file that does not parse becomes a finding.
func Load(root string) (*Module, error) {
	name, err := moduleName(filepath.Join(root, "go.mod"))
	if err != nil {
		return nil, err
	}
	module := &Module{Name: name, positions: token.NewFileSet()}
	tree := os.DirFS(root)
	err = fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{".git", "store", "bin"}, name) || entry.Name() == "testdata" {
			return fs.SkipDir
		}
		if !entry.Type().IsRegular() || !isText(name) {
			return nil
		}
		text, err := fs.ReadFile(tree, name)
		if err == nil {
			module.add(name, string(text))
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the module at %s: %w", root, err)
	}
	module.typing = newTyping(module, root)
	return module, nil
}

func moduleName(file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(text)) {
		if name, found := strings.CutPrefix(line, "module "); found {
			return strings.TrimSpace(name), nil
		}
	}
	return "", fmt.Errorf("%s: no line \"module <path>\"", file)
}

// isText tells which files are read: those that people write.
func isText(name string) bool {
	switch path.Ext(name) {
	case ".go", ".md", ".yaml", ".yml", ".sh", ".tmpl", ".css", ".js":
		return true
	}
	return name == "Makefile" || name == ".ci/run"
}

func (m *Module) add(name, text string) {
	file := &File{Path: name, Folder: path.Dir(name), Test: strings.HasSuffix(name, "_test.go"), module: m}
	file.Lines = strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if path.Ext(name) == ".go" {
		syntax, err := parser.ParseFile(m.positions, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			m.broken = append(m.broken, Finding{File: name, Line: 1, What: "it does not parse: " + err.Error(), Mend: "mend that first"})
		} else {
			file.Syntax = syntax
		}
	}
	m.Files = append(m.Files, file)
}

// in gives the Go files of a folder that are no tests.
func (m *Module) in(folder string) []*File {
	var files []*File
	for _, file := range m.Files {
		if file.Folder == folder && file.Syntax != nil && !file.Test {
			files = append(files, file)
		}
	}
	return files
}

// folderOf is the folder of an import path, if it is the module's own.
func (m *Module) folderOf(importPath string) (folder string, own bool) {
	if importPath == m.Name {
		return ".", true
	}
	return strings.CutPrefix(importPath, m.Name+"/")
}

func (f *File) line(position token.Pos) int { return f.module.positions.Position(position).Line }

// production tells whether the file is Go that is shipped, in one of some folders or below.
func (f *File) production(folders ...string) bool {
	return f.Syntax != nil && !f.Test && slices.ContainsFunc(folders, func(folder string) bool {
		return f.Folder == folder || strings.HasPrefix(f.Folder, folder+"/")
	})
}

// excused tells whether a comment that ends on the line above says the phrase and, after it, why.
func (f *File) excused(position token.Pos, phrase string) bool {
	for _, comment := range f.Syntax.Comments {
		if f.line(comment.End()) == f.line(position)-1 {
			_, why, found := strings.Cut(comment.Text(), phrase)
			return found && strings.TrimSpace(why) != ""
		}
	}
	return false
}

// selected resolves an expression "package.Name" by the file's imports; otherwise both are "".
func (f *File) selected(expression ast.Expr) (importPath, name string) {
	selector, ok := expression.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	qualifier, ok := selector.X.(*ast.Ident)
	if !ok {
		return "", ""
	}
	for _, spec := range f.Syntax.Imports {
		if localName(spec) == qualifier.Name {
			return importPathOf(spec), selector.Sel.Name
		}
	}
	return "", ""
}

func importPathOf(spec *ast.ImportSpec) string {
	text, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		panic("tidy: an import that is no string: " + spec.Path.Value)
	}
	return text
}

// localName is the name an import goes by, guessed from its path as the naming convention has it.
func localName(spec *ast.ImportSpec) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	importPath := importPathOf(spec)
	name := path.Base(importPath)
	if number, found := strings.CutPrefix(name, "v"); found {
		if _, err := strconv.Atoi(number); err == nil {
			return path.Base(path.Dir(importPath))
		}
	}
	return name
}
