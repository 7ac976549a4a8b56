package reports

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"cleave/checker"
	"cleave/history"
)

// Columns is how wide a terminal is that does not say: what is written for one fits.
const Columns = 80

// The widths of what is written to a terminal, in columns.
const (
	runWidth        = Columns
	comparisonWidth = Columns
)

// TerminalRun writes what matters of one run as text of at most 80 columns; only the
// folder, and words of the command line, are never broken. It errors only if out does.
func TerminalRun(out io.Writer, run Run, color bool) error {
	s := &screen{out: out, color: color}
	b := bannerOf(run)
	s.line(s.paint(b.Class, strings.TrimRight(fit(fmt.Sprintf("%s %s: %s", b.Icon, b.Word, b.Headline), runWidth), " ")))
	s.wrapped(tested(run), 0, runWidth)
	s.early(run, runWidth)
	s.promises(run.Promises)
	for _, result := range run.Promises {
		s.witness(result)
	}
	s.strongest(run.Measured)
	s.faults(windowsOr(run.History), framed(run.World))
	s.numbers(run)
	s.where(run)
	if run.Folder != "" || run.Replay != "" {
		s.line("")
	}
	if run.Folder != "" {
		s.path("folder: ", sentence(run.Folder))
	}
	if run.Replay != "" {
		for _, line := range command("again:  "+clean(run.Replay, 4000), runWidth) {
			s.line(line)
		}
		if isReal(run.World) {
			s.wrapped("(the same schedule of faults; "+realParts(run.World, "")+" are real, so the history is another)", 8, runWidth)
		}
	}
	return s.err
}

// early writes when and why a run ended before its time, if it did.
func (s *screen) early(run Run, width int) {
	if text := early(run); text != "" {
		s.wrapped(text, 0, width)
	}
}

// path writes a path in one piece, for copying, unless it has spaces where it can be broken.
func (s *screen) path(label, path string) {
	if strings.Contains(path, " ") {
		s.wrapped(label+path, 0, runWidth)
		return
	}
	s.line(label + path)
}

func (s *screen) promises(results []checker.Result) {
	if len(results) == 0 {
		return
	}
	s.line("")
	s.line(s.paint("bold", "Promises"))
	for _, result := range results {
		for i, line := range wrap(promiseWords(result)+" ("+name(result.Checker)+")", runWidth-12) {
			if i == 0 {
				s.line("  " + s.verdictWord(ofPromise(result)) + " " + line)
			} else {
				s.line(strings.Repeat(" ", 12) + line)
			}
		}
		if result.Verdict != checker.Valid {
			s.wrapped(sentence(result.Reason), 14, runWidth)
		}
	}
}

// strongest says which consistency was measured, if one was.
func (s *screen) strongest(measured []checker.Result) {
	if reason := strongestOf(measured); reason != "" {
		s.line("")
		s.line(s.paint("bold", "Consistency, of all operations together"))
		s.wrapped(reason, 2, runWidth)
	}
}

func (s *screen) witness(result checker.Result) {
	if result.Verdict != checker.Invalid || result.Witness == nil {
		return
	}
	const most = 12
	s.line("")
	head := "Evidence against: " + promiseWords(result)
	if result.Witness.Key != "" {
		head += ", key " + name(result.Witness.Key)
	}
	s.wrapped(head, 0, runWidth)
	lines := result.Witness.Explanation
	if len(lines) == 0 {
		for _, operation := range result.Witness.Operations[:min(len(result.Witness.Operations), most)] {
			lines = append(lines, operation.String())
		}
	}
	for i, line := range lines {
		if i == most {
			s.line(fmt.Sprintf("  and %d more", len(lines)-most))
			break
		}
		for j, part := range wrap(sentence(line), runWidth-5) {
			s.line([]string{fmt.Sprintf("  %d. ", i+1), "     "}[min(j, 1)] + part)
		}
	}
}

func (s *screen) faults(windows []window, framed bool) {
	const most = 12
	one, many := "message", "messages"
	if framed {
		one, many = "frame", "frames"
	}
	if len(windows) == 0 {
		return
	}
	s.line("")
	s.line(s.paint("bold", "Faults"))
	for i, w := range windows {
		if i == most {
			s.line(fmt.Sprintf("  and %d more", len(windows)-most))
			return
		}
		row := newFaultRow(w)
		text := fmt.Sprintf("%.1f-%.1f s  %s: %s; ", w.start.Seconds(), w.end.Seconds(), row.Kind, row.Detail)
		if row.Disturbed == "" || w.links > 0 {
			text += fmt.Sprintf("%s cut, %s dropped", plural(w.links, "link", "links"), plural(int(w.last.Dropped), one, many))
		}
		if row.Disturbed != "" {
			text = strings.TrimSuffix(text, "; ") + fmt.Sprintf("; %s disturbed, %s touched", plural(w.disturbed, "link", "links"),
				plural(int(w.last.Touched), one, many))
		}
		if row.Quorum != "" {
			text += ", quorum " + row.Quorum
		}
		s.wrapped(text, 2, runWidth)
	}
}

// numbers shows what clients saw during the faults, by side.
func (s *screen) numbers(run Run) {
	cell := &Cell{Promises: run.Promises, Measured: run.Measured}
	n := numbersOf(cell)
	var rows [][]string
	add := func(label, measure string, f history.Function) {
		row, found := []string{label}, false
		for _, side := range sideColumns {
			m, measured := n.get(measure, side, f)
			found = found || measured
			row = append(row, plain(m, measured).Text)
		}
		if found {
			rows = append(rows, row)
		}
	}
	var functions []history.Function
	for _, side := range sideColumns {
		for _, f := range functionsOf([]numbers{n}, side) {
			if rank(functions, f) == len(functions) {
				functions = append(functions, f)
			}
		}
	}
	slices.SortFunc(functions, compareFunctions)
	for _, f := range functions {
		add(functionWords(f)+" answered", "success", f)
	}
	for _, measure := range []string{"longest outage", "latency p99", "stale reads", "staleness max", "ghosts", "ghost age max", "missing", "missing longest"} {
		add(measure, measure, "")
	}
	add("caches answered", "caches answered", "")
	add("oldest list from a cache", "list age max", history.CacheLookup)
	add("calls that reached, with a retry", "calls reached with a retry", "")
	if len(rows) == 0 {
		return
	}
	s.line("")
	s.line(s.paint("bold", fit("During the faults, by side", 38)+columnOf("majority", 13)+columnOf("minority", 13)+columnOf("cut off", 13)))
	for _, row := range rows {
		s.line("  " + fit(row[0], 36) + columnOf(row[1], 13) + columnOf(row[2], 13) + columnOf(row[3], 13))
	}
}
