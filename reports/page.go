package reports

import (
	"bufio"
	"embed"
	"fmt"
	"html/template"
	"io"
)

//go:embed page
var files embed.FS

// pages are the templates; what they are given is escaped by where it stands.
var pages = template.Must(template.ParseFS(files, "page/*.html"))

// style is the style sheet, which stands in the page itself.
func style() template.CSS {
	sheet, err := files.ReadFile("page/style.css")
	if err != nil {
		panic("reports: the style sheet is not in the binary: " + err.Error())
	}
	return template.CSS(sheet)
}

// write fills in a template.
func write(out io.Writer, page string, view any) error {
	buffered := bufio.NewWriterSize(out, 1<<16)
	if err := pages.ExecuteTemplate(buffered, page, view); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}
