package tidy

import (
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/types"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
)

// typing finds the types of expressions: of the module's packages from their source, of all others
// from export data. It does its work when first asked. An expression in code that does not compile
// has no type.
type typing struct {
	module   *Module
	info     types.Info
	packages map[string]*types.Package // by folder; nil while being checked
	outside  types.Importer
}

func newTyping(module *Module, root string) *typing {
	t := &typing{module: module, packages: map[string]*types.Package{}}
	t.info = types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	t.outside = importer.ForCompiler(module.positions, "gc", exportData(module, root))
	return t
}

// typeOf is the type of an expression of a file, nil if it cannot be known.
func (f *File) typeOf(expression ast.Expr) types.Type {
	t := f.module.typing
	if _, done := t.packages[f.Folder]; !done {
		t.check(f.Folder)
	}
	found := t.info.TypeOf(expression)
	if found == types.Typ[types.Invalid] {
		return nil
	}
	return found
}

// Import implements types.Importer.
func (t *typing) Import(path string) (*types.Package, error) {
	folder, own := t.module.folderOf(path)
	if !own {
		return t.outside.Import(path)
	}
	checked, done := t.packages[folder]
	if !done {
		checked = t.check(folder)
	}
	if checked == nil {
		return nil, errors.New("an import cycle through " + path)
	}
	return checked, nil
}

func (t *typing) check(folder string) *types.Package {
	t.packages[folder] = nil
	var files []*ast.File
	for _, file := range t.module.in(folder) {
		files = append(files, file.Syntax)
	}
	// Errors are the compiler's to report. What does not compile has no type here.
	config := types.Config{Importer: t, Error: func(error) {}}
	checked, _ := config.Check(t.module.Name+"/"+folder, t.module.positions, files, &t.info)
	t.packages[folder] = checked
	return checked
}

// exportData looks up the compiled interface of a package that is not the module's own. The go
// command is asked once, for all that the module imports.
func exportData(module *Module, root string) func(path string) (io.ReadCloser, error) {
	list := sync.OnceValues(func() (map[string]string, error) { return listExports(module, root) })
	return func(path string) (io.ReadCloser, error) {
		files, err := list()
		if err != nil {
			return nil, err
		}
		return os.Open(files[path])
	}
}

func listExports(module *Module, root string) (map[string]string, error) {
	arguments := []string{"list", "-e", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}", "--"}
	for _, file := range module.Files {
		if file.Syntax == nil || file.Test {
			continue
		}
		for _, spec := range file.Syntax.Imports {
			path := importPathOf(spec)
			if _, own := module.folderOf(path); !own && !slices.Contains(arguments, path) {
				arguments = append(arguments, path)
			}
		}
	}
	command := exec.Command("go", arguments...)
	command.Dir = root
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go list -export: %w", err)
	}
	files := map[string]string{}
	for line := range strings.Lines(string(output)) {
		if path, name, found := strings.Cut(strings.TrimSpace(line), "\t"); found {
			files[path] = name
		}
	}
	return files, nil
}

// isFloat tells whether a type is, underneath, a floating-point or complex number.
func isFloat(t types.Type) bool {
	if t == nil {
		return false
	}
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&(types.IsFloat|types.IsComplex) != 0
}
