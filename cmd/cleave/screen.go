package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cleave/harness"
	"cleave/reports"
)

// screen is where a command prints: results on out, progress on err; and whom else it tells.
type screen struct {
	out, err io.Writer
	ci       *ci
}

// terminal tells whether a writer is one.
func terminal(w io.Writer) bool {
	file, is := w.(*os.File)
	if !is || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// color tells whether results may be coloured.
func (s screen) color() bool { return terminal(s.out) && os.Getenv("NO_COLOR") == "" }

// first prints the line that says everything a run depends on.
func (s screen) first(plan harness.Plan) {
	fmt.Fprintf(s.out, "cleave %s", plan.Version)
	for _, option := range plan.Options() {
		if option.Value != "" {
			fmt.Fprintf(s.out, " %s=%s", option.Name, option.Value)
		}
	}
	fmt.Fprintln(s.out)
}

// progress shows how far a run is: on a terminal, one line drawn again and again; elsewhere a line every
// ten seconds.
func (s screen) progress(plan harness.Plan) func(reports.Progress) {
	if plan.World == inContainers {
		fmt.Fprintf(s.err, "bringing up %s of %s in containers\n", counted(plan.Nodes, "node"), plan.System)
	}
	if !terminal(s.err) {
		const often = 10 * time.Second
		told := time.Now()
		return func(p reports.Progress) {
			if now := time.Now(); now.Sub(told) >= often {
				told = now
				fmt.Fprintln(s.err, p.Line(reports.Columns))
			}
		}
	}
	return func(p reports.Progress) {
		fmt.Fprintf(s.err, "\r\x1b[K%s", p.Line(columns(s.err)-1))
		if p.Done >= p.Of {
			s.wipe()
		}
	}
}

// result prints a run's results, its verdict last.
func (s screen) result(finished harness.Finished) error {
	report := finished.Report()
	report.Folder, report.Replay = "", "" // the last line says them
	if err := reports.TerminalRun(s.out, report, s.color()); err != nil {
		return broken(err)
	}
	s.last(string(finished.Judgement.Verdict), finished.Folder, finished.Replay())
	if err := s.ci.run(finished); err != nil {
		return broken(err)
	}
	return judged(finished.Judgement.Verdict)
}

// last prints the line that says how it ended, where everything is, and how to see it again.
func (s screen) last(verdict, folder, replay string) {
	where := folder
	if where == "" {
		where = "nothing kept"
	}
	fmt.Fprintf(s.out, "%s · %s · %s\n", verdict, where, replay)
}

// latest points store/latest at a folder. It is a convenience: where links cannot be made, there is
// none.
func latest(store, path string) {
	target, err := filepath.Rel(store, path)
	if err != nil || strings.HasPrefix(target, "..") {
		return
	}
	link := filepath.Join(store, "latest")
	if info, err := os.Lstat(link); err == nil && info.Mode()&os.ModeSymlink == 0 {
		return // somebody's own file
	}
	_ = os.Remove(link)
	_ = os.Symlink(target, link)
}
