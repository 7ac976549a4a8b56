package reports

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// TerminalStory writes a story as text of at most 80 columns. It errors only if out does.
func TerminalStory(out io.Writer, story Story, color bool) error {
	s := &screen{out: out, color: color}
	for _, part := range wrap(sentence(story.Title), runWidth) {
		s.line(s.paint("bold", part))
	}
	for i, one := range story.Sentences {
		for j, part := range wrap(sentence(one), runWidth-5) {
			s.line([]string{fmt.Sprintf("%3d. ", i+1), "     "}[min(j, 1)] + part)
		}
	}
	return s.err
}

// MarkdownStory writes a story as a page of Markdown, with the line that runs it again. It errors only if
// out does.
func MarkdownStory(out io.Writer, story Story, replay string) error {
	var text strings.Builder
	fmt.Fprintf(&text, "# %s\n\n", literal(sentence(story.Title)))
	for i, one := range story.Sentences {
		fmt.Fprintf(&text, "%d. %s\n", i+1, literal(sentence(one)))
	}
	fmt.Fprintf(&text, "\nThe picture of it is in [report.html](report.html). Run it again:\n\n    %s\n", clean(replay, 4000))
	_, err := io.WriteString(out, text.String())
	return err
}

// literal makes a text mean nothing to Markdown.
func literal(text string) string {
	return strings.NewReplacer("\\", "\\\\", "*", "\\*", "_", "\\_", "`", "\\`", "<", "\\<", "[", "\\[", "]", "\\]", "|", "\\|").Replace(text)
}

// storyView is a story as the page shows it.
type storyView struct {
	Excerpt   bool
	Title     string
	Sentences []string
	Picture   *drawing
	Late      bool // a message in it came late
	Holds     bool // a client in it believes that it holds something
}

func storyOf(run Run) *storyView {
	if run.Story == nil {
		return nil
	}
	v := &storyView{Title: sentence(run.Story.Title), Excerpt: run.Story.Excerpt}
	for _, one := range run.Story.Sentences {
		v.Sentences = append(v.Sentences, sentence(one))
	}
	if run.History != nil && len(run.History.Events) > 0 {
		v.Picture = storyChart(run.Story, run.History)
		v.Late = slices.ContainsFunc(v.Picture.Shapes, func(s shape) bool { return strings.HasSuffix(s.Class, "message-late") })
		v.Holds = slices.ContainsFunc(v.Picture.Shapes, func(s shape) bool { return s.Class == "node-holds" })
	}
	return v
}
