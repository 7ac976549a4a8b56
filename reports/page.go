package reports

import (
	"bufio"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
)

//go:embed page
var files embed.FS

// pages are the templates; what they are given is escaped by where it stands.
var pages = template.Must(template.ParseFS(files, "page/*.html"))

// style is the style sheet, which stands in the page itself.
func style() template.CSS { return sheet("style.css") }

// sheet is one of the style sheets.
func sheet(name string) template.CSS { return template.CSS(embedded(name)) }

// scripts are the files of the script of a run's page, in order.
var scripts = []string{"basics", "view", "axis", "charts", "lanes", "operations", "list", "moment", "story", "start"}

// script is the script of a run's page, which stands in the page itself.
func script() template.JS {
	all := "\"use strict\";\n"
	for _, name := range scripts {
		all += embedded(name + ".js")
	}
	return template.JS(all)
}

func embedded(name string) string {
	text, err := files.ReadFile("page/" + name)
	if err != nil {
		panic("reports: a part of the pages is not in the binary: " + err.Error())
	}
	return string(text)
}

// policy is what a page may do (Content Security Policy, level 3): run this script and use this style, and nothing else.
// Nothing that a history says can be run or asked for, even if it got into the page as an element.
func policy(script template.JS, style template.CSS) string {
	return "default-src 'none'; script-src " + digest(string(script)) + "; style-src " + digest(string(style)) +
		"; img-src data:; base-uri 'none'; form-action 'none'"
}

// digest names a script or style by its hash.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
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
