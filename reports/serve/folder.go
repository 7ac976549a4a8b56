package serve

import (
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// folderView is the page of one folder, as data.
type folderView struct {
	page
	*entry
	Again string // the command line that runs it again, "" if there is none
	Files []fileView
	Parts []*entry
	More  string // how many of them are not shown
}

type fileView struct{ Name, Address, Size string }

// mostListed is how many files and parts the page of a folder lists.
const mostListed = 500

// folder is the page of one run, comparison or sweep: what there is to open.
func (s *Server) folder(w http.ResponseWriter, r *http.Request) {
	all, _ := s.index.all()
	e, found := s.index.find(r.PathValue("path"))
	if !found {
		http.NotFound(w, r)
		return
	}
	v := folderView{page: s.page(e.Name()), entry: e, Files: s.filesOf(e.Path)}
	if e.Kind == aRun && e.ended {
		v.Again = "cleave replay " + filepath.Join(s.options.Store, filepath.FromSlash(e.Path))
	}
	for _, one := range all {
		if one.Inside == e.Path {
			v.Parts = append(v.Parts, one)
		}
	}
	slices.SortStableFunc(v.Parts, func(a, b *entry) int { return a.gravity() - b.gravity() })
	if extra := len(v.Parts) - mostListed; extra > 0 {
		v.Parts, v.More = v.Parts[:mostListed], fmt.Sprintf("%d more are not shown.", extra)
	}
	s.show(w, http.StatusOK, "folder.html", v)
}

// filesOf are the files of a folder, and of the logs in it.
func (s *Server) filesOf(folder string) []fileView {
	var list []fileView
	for _, below := range []string{"", "nodes"} {
		listed, err := fs.ReadDir(s.root.FS(), path.Join(folder, below))
		if err != nil {
			continue // it has no logs, or is gone
		}
		for _, one := range listed {
			info, err := one.Info()
			if err != nil || !info.Mode().IsRegular() || len(list) == mostListed || strings.HasSuffix(one.Name(), ".part") {
				continue
			}
			list = append(list, fileView{path.Join(below, one.Name()), at("store", path.Join(folder, below, one.Name())), size(info.Size())})
		}
	}
	return list
}

// size is a number of bytes in words.
func size(bytes int64) string {
	switch {
	case bytes < 1000:
		return fmt.Sprintf("%d B", bytes)
	case bytes < 1_000_000:
		return fmt.Sprintf("%.1f kB", float64(bytes)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}
