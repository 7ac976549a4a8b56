package reports

import (
	"fmt"
	"io"
	"strings"
)

// MarkdownComparison writes the tables of a comparison as Markdown, for documents and the pages of CI. It
// errors only if out does.
func MarkdownComparison(out io.Writer, comparison Comparison) error {
	v := newComparisonView(comparison)
	var text strings.Builder
	fmt.Fprintf(&text, "# %s\n\n%s\n\n", marked(v.Title), marked(v.Verdicts))
	if v.Worlds != "" {
		fmt.Fprintf(&text, "%s\n\n", marked(v.Worlds))
	}
	markdownChanges(&text, v.Changes)
	for _, t := range v.Tables {
		fmt.Fprintf(&text, "## %s, during the faults\n\n%s\n", marked(t.Workload.Name), marked(t.Workload.Text))
		for _, group := range t.Groups {
			markdownGroup(&text, t, group)
		}
		text.WriteString("\n")
	}
	text.WriteString("## In short: what clients on the minority side saw\n\n")
	for _, line := range v.Summary {
		fmt.Fprintf(&text, "- **%s** (%s): %s\n", marked(line.System), marked(line.Workload), marked(line.Text))
	}
	fmt.Fprintf(&text, "\nMade by `%s`.\n", strings.ReplaceAll(v.Command, "`", "'"))
	_, err := io.WriteString(out, text.String())
	return err
}

// markdownChanges are what has changed since an earlier comparison.
func markdownChanges(text *strings.Builder, c *changes) {
	if c == nil {
		return
	}
	fmt.Fprintf(text, "## What has changed\n\n%s\n\n%s\n\n", marked(c.Lead), marked(c.Rule))
	if len(c.Runs) > 0 {
		text.WriteString("| run | what | before | now | difference |\n|---|---|---:|---:|---|\n")
	}
	for _, run := range c.Runs {
		for _, row := range run.Rows {
			fmt.Fprintf(text, "| %s | %s | %s | %s | %s %s: %s |\n", marked(run.Title), marked(row.Label), marked(row.Before.Text), marked(row.Now.Text),
				row.Icon, row.Word, marked(row.Difference))
		}
	}
	text.WriteString("\n")
	for _, note := range append(c.Notes, c.Cut) {
		if note != "" {
			fmt.Fprintf(text, "%s\n\n", marked(note))
		}
	}
}

func markdownGroup(text *strings.Builder, t comparisonTable, group comparisonGroup) {
	fmt.Fprintf(text, "\n| %s |", marked(group.Fault.Name))
	for _, column := range t.Columns {
		fmt.Fprintf(text, " %s |", marked(strings.TrimSpace(column.Name+" "+column.Place)))
	}
	text.WriteString("\n|---|" + strings.Repeat("---:|", len(t.Columns)) + "\n")
	for _, row := range group.Rows {
		fmt.Fprintf(text, "| %s |", marked(row.Label))
		for _, value := range row.Values {
			shown := value.Text
			if value.More != "" {
				shown += ", " + value.More
			}
			fmt.Fprintf(text, " %s |", marked(shown))
		}
		text.WriteString("\n")
	}
}

// markdownSigns are those that mean something in Markdown, or in the HTML that it becomes.
var markdownSigns = strings.NewReplacer(`\`, `\\`, "|", `\|`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", "&", "&amp;", "\n", " ")

// marked has a text mean itself.
func marked(text string) string { return markdownSigns.Replace(text) }
