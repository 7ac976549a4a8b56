package reports

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"cleave/checker"
)

// MarkdownRun writes a run as Markdown, for the page of a job: the verdict, every promise, the evidence, the faults, and the
// line that runs it again. It errors only if out does.
func MarkdownRun(out io.Writer, run Run) error {
	var text strings.Builder
	b := bannerOf(run)
	fmt.Fprintf(&text, "# %s %s: %s\n\n%s\n\n", b.Icon, b.Word, marked(b.Headline), marked(tested(run)))
	if ended := early(run); ended != "" {
		fmt.Fprintf(&text, "%s\n\n", marked(ended))
	}
	if len(run.Promises) > 0 {
		text.WriteString("| verdict | promise | found |\n|---|---|---|\n")
		for _, result := range run.Promises {
			m := ofPromise(result)
			fmt.Fprintf(&text, "| %s %s | %s | %s |\n", m.Icon, m.Word, marked(promiseWords(result)), marked(sentence(result.Reason)))
		}
		text.WriteString("\n")
	}
	for _, result := range run.Promises {
		markdownWitness(&text, result)
	}
	if rows, cut := faultRows(windowsOr(run.History)); len(rows) > 0 {
		text.WriteString("| fault | from | to | what it did |\n|---|---|---|---|\n")
		for _, row := range rows {
			fmt.Fprintf(&text, "| %s | %s | %s | %s |\n", marked(row.Kind), row.Start, row.End, marked(row.Detail))
		}
		fmt.Fprintf(&text, "\n%s\n", cut)
	}
	if run.Replay != "" {
		fmt.Fprintf(&text, "%s\n\n%s\n", again(run.World), fenced([]string{run.Replay}))
	}
	_, err := io.WriteString(out, text.String())
	return err
}

func markdownWitness(text *strings.Builder, result checker.Result) {
	if result.Verdict != checker.Invalid || result.Witness == nil {
		return
	}
	fmt.Fprintf(text, "## Evidence against: %s\n\n", marked(promiseWords(result)))
	for i, line := range result.Witness.Explanation[:min(len(result.Witness.Explanation), mostWitness)] {
		fmt.Fprintf(text, "%d. %s\n", i+1, marked(sentence(line)))
	}
	fmt.Fprintf(text, "\n%s\n", fenced(Bars(result.Witness)))
}

// fenced are lines that Markdown shows as they are. A line of theirs cannot end it: it is indented.
func fenced(lines []string) string {
	text := "```text\n"
	for _, line := range lines {
		text += " " + clean(line, longCommand) + "\n"
	}
	return text + "```\n"
}

// JobPage is how much GitHub takes for the page of one step, in bytes; of a page that is larger it shows nothing.
const JobPage = 1 << 20

// Bounded is a page of Markdown that takes no more than so many bytes: what is left out at the end is told, and where all of it
// is.
func Bounded(page string, most int, whole string) string {
	if len(page) <= most {
		return page
	}
	note := func(left int) string {
		return fmt.Sprintf("\n*The rest, %s bytes, is left out here; %s has all of it.*\n", thousands(left), marked(whole))
	}
	room := most - len(note(len(page)))
	if room <= 0 {
		return ""
	}
	for room > 0 && !utf8.RuneStart(page[room]) {
		room--
	}
	end := strings.LastIndexByte(page[:room], '\n') + 1
	kept := page[:end]
	if strings.Count(kept, "\n```")%2 == 1 { // in the middle of lines that are shown as they are
		kept = kept[:strings.LastIndex(kept, "\n```")+1]
	}
	return kept + note(len(page)-len(kept))
}
