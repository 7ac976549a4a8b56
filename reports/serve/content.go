package serve

import (
	"io/fs"
	"net/http"
	"os"
	"path"
)

// sandbox is of reports: they may run their own script, and are otherwise as of another site, which can ask us for
// nothing.
const sandbox = "sandbox allow-scripts allow-downloads; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; " +
	"img-src data: blob:; font-src data:; worker-src blob:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

// kinds are the files that a browser is shown; others it may only save.
var kinds = map[string]string{
	".html": "text/html; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png", ".json": "text/plain; charset=utf-8",
	".jsonl": "text/plain; charset=utf-8", ".log": "text/plain; charset=utf-8", ".md": "text/plain; charset=utf-8",
	".xml": "text/plain; charset=utf-8",
}

// content gives a file of the store. Anything else there may be (folders, links that lead out, pipes) is not found.
func (s *Server) content(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("path")
	file, info, err := openFile(s.root, name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer func() { _ = file.Close() }() // it was only read
	kind, shown := kinds[path.Ext(name)]
	if !shown {
		kind = "application/octet-stream"
		w.Header().Set("Content-Disposition", "attachment")
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Security-Policy", sandbox)
	http.ServeContent(w, r, "", info.ModTime(), file)
}

// openFile opens a regular file of the store; a pipe would have us wait.
func openFile(root *os.Root, name string) (*os.File, fs.FileInfo, error) {
	if !fs.ValidPath(name) {
		return nil, nil, fs.ErrNotExist
	}
	info, err := root.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		return nil, nil, fs.ErrNotExist
	}
	file, err := root.Open(name)
	return file, info, err
}
