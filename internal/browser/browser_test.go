package browser_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/internal/browser"
)

// The audit finds nothing on a page that is well made, and each harm that is done to it.
func TestAudit(t *testing.T) {
	ctx := browser.Start(t)
	file := filepath.Join(t.TempDir(), "page.html")
	const page = `<!doctype html><html lang="en"><title>t</title><meta charset="utf-8"><style>body { color: #111; background: #fff }</style>
<h1>One</h1><h2 id="two">Two</h2><p id="text">Text</p><button id="act">Act</button><table><tr><th>a<tr><td>b</table></html>`
	require.NoError(t, os.WriteFile(file, []byte(page), 0o600))
	for _, view := range browser.Views {
		browser.LookAt(t, ctx, view)
		browser.OpenFile(t, ctx, file)
		require.Empty(t, browser.Audit(t, ctx), view.Name)
		browser.Fits(t, ctx)
	}
	for harm, finds := range map[string]string{
		`document.getElementById("act").textContent = ""`:         "no name: button#act",
		`document.getElementById("two").outerHTML = "<h4>2</h4>"`: "leaves out a level: h4",
		`document.getElementById("text").style.color = "#aaaaaa"`: "contrast",
		`document.getElementById("text").id = "act"`:              "twice: button#act",
		`document.getElementById("act").tabIndex = 3`:             "order of focus: button#act",
		`document.querySelector("th").outerHTML = "<td>a</td>"`:   "no headings: table",
		`document.querySelector("h1").outerHTML = "<p>no h1</p>"`: "not one h1",
		`document.documentElement.removeAttribute("lang")`:        "no language",
	} {
		browser.OpenFile(t, ctx, file)
		browser.Evaluate[any](t, ctx, harm+"; null")
		require.Contains(t, browser.Audit(t, ctx), finds, harm)
	}
}
