package serve

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"path"
)

//go:embed page
var files embed.FS

// pages are the templates; what they are given is escaped by where it stands.
var pages = template.Must(template.ParseFS(files, "page/*.html"))

// page is what all pages have.
type page struct {
	Title  string
	Secret string // for forms
}

func (s *Server) page(title string) page { return page{title, s.secret} }

// show fills in a template and answers with it.
func (s *Server) show(w http.ResponseWriter, status int, name string, view any) {
	var text bytes.Buffer
	if err := pages.ExecuteTemplate(&text, name, view); err != nil {
		refuse(w, http.StatusInternalServerError, err.Error())
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(text.Bytes()) // who is gone needs no answer
}

// problem is a page that says why there is no other.
func (s *Server) problem(w http.ResponseWriter, status int, why string) {
	s.show(w, status, "problem.html", struct {
		page
		Why string
	}{s.page(http.StatusText(status)), why})
}

// asset gives the style and the script of the pages.
func (s *Server) asset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	kind := map[string]string{"serve.css": "text/css; charset=utf-8", "serve.js": "text/javascript; charset=utf-8"}[name]
	text, err := files.ReadFile(path.Join("page", name))
	if err != nil || kind == "" {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(text) // who is gone needs no answer
}
