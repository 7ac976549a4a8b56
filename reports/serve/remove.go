package serve

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"path"
)

// removeView is the page that asks before anything is deleted, as data.
type removeView struct {
	page
	Entries []*entry
	Files   int
	Size    string
}

// askToDelete is the page that says what would be deleted, and asks.
func (s *Server) askToDelete(w http.ResponseWriter, r *http.Request) {
	entries, why := s.deletable(r.URL.Query())
	if why != "" {
		s.problem(w, http.StatusBadRequest, why)
		return
	}
	v := removeView{page: s.page("Delete"), Entries: entries}
	bytes := int64(0)
	for _, e := range entries {
		_ = fs.WalkDir(s.root.FS(), e.Path, func(_ string, one fs.DirEntry, err error) error {
			if err != nil || one.IsDir() {
				return nil // what cannot be looked at is not counted
			}
			v.Files++
			if info, err := one.Info(); err == nil {
				bytes += info.Size()
			}
			return nil
		})
	}
	v.Size = size(bytes)
	s.show(w, http.StatusOK, "delete.html", v)
}

// deletable are the entries that a form names, or why they cannot be deleted: only what the list has can, and nothing under
// way.
func (s *Server) deletable(form url.Values) (entries []*entry, why string) {
	paths, err := chosen(form)
	if err != nil || len(paths) == 0 {
		return nil, "Nothing is chosen."
	}
	for _, one := range paths {
		e, found := s.index.find(one)
		switch {
		case !found:
			return nil, "One of them is not there, or not any more."
		case e.Running():
			return nil, e.Path + " is under way."
		}
		entries = append(entries, e)
	}
	return entries, ""
}

// remove deletes folders, for a form that one of our own pages has made.
func (s *Server) remove(w http.ResponseWriter, r *http.Request) {
	const mostForm = 1 << 20
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	if err := r.ParseForm(); err != nil || !same(r.PostForm.Get("secret"), s.secret) {
		s.problem(w, http.StatusForbidden, "Only a page of this process can delete. If it was started again, open the list anew.")
		return
	}
	entries, why := s.deletable(r.PostForm)
	if why != "" {
		s.problem(w, http.StatusBadRequest, why)
		return
	}
	var errs []error
	for _, e := range entries {
		errs = append(errs, s.removeFolder(e.Path))
	}
	s.index.refresh()
	if err := errors.Join(errs...); err != nil {
		s.problem(w, http.StatusInternalServerError, fmt.Sprintf("Not all could be deleted: %v", err))
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// removeFolder deletes a folder, the folder above it if that is empty then, and the link latest if it led there.
func (s *Server) removeFolder(name string) error {
	if err := s.root.RemoveAll(name); err != nil {
		return err
	}
	if above := path.Dir(name); above != "." {
		_ = s.root.Remove(above) // which fails if anything is in it
	}
	const latest = "latest"
	if target, err := s.root.Readlink(latest); err == nil && path.Clean(target) == name {
		return s.root.Remove(latest)
	}
	return nil
}
