package serve

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"path"
)

//go:embed page
var files embed.FS

// pages are the templates; what they are given is escaped by where it stands.
var pages = template.Must(template.New("").Funcs(template.FuncMap{"at": at, "named": named}).ParseFS(files, "page/*.html"))

// named is a path as forms and addresses have it. What an address would take for something else is escaped, and so is the
// end of a line, which a form would send as two characters.
func named(path string) string { return (&url.URL{Path: path}).EscapedPath() }

// at is the address of a path of the store: of a file in "store", of a folder's page in "folder".
func at(room, path string) string { return "/" + room + "/" + named(path) }

// chosen are the paths that a form has named. It errors on a name that no form of ours has.
func chosen(values url.Values) ([]string, error) {
	paths := make([]string, 0, len(values["folder"]))
	for _, one := range values["folder"] {
		path, err := url.PathUnescape(one)
		if err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}

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
