package cleavetest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"cleave/checker"
	"cleave/harness"
	"cleave/harness/shrink"
	"cleave/harness/sweep"
	"cleave/reports"
)

// passed is a line about a run that is as it should be.
func passed(finished harness.Finished) string {
	var kinds []string
	for _, fault := range finished.Schedule.Faults {
		kinds = append(kinds, fault.Kind)
	}
	text := fmt.Sprintf("seed %d: %s, %s under %s", finished.Plan.Seed, finished.Judgement.Verdict,
		counted(len(finished.History.Operations), "operation"), strings.Join(kinds, ", "))
	if finished.Judgement.Verdict == checker.Unknown {
		text += ": " + strings.Join(reasons(finished.Judgement, checker.Unknown), "; ")
	}
	return text
}

// diverged says that a run depends on something besides its seed.
func diverged(d *sweep.Divergence) string {
	return unlike + "\n" + d.String()
}

const unlike = "run twice, it is not the same: something decides that the seed does not, such as the order of a map, a clock, a goroutine, " +
	"a variable that outlives a run, or randomness that is not world.Environment's"

// reasons are why promises have a verdict.
func reasons(judgement harness.Judgement, verdict checker.Verdict) []string {
	var all []string
	for _, result := range judgement.Promises {
		if result.Verdict == verdict {
			all = append(all, fmt.Sprintf("%s (%s): %s", result.Promise, result.Checker, result.Reason))
		}
	}
	return all
}

// text is the whole of it.
func (f *failure) text() string {
	var text strings.Builder
	judgement := f.finished.Judgement
	if f.unlike {
		return fmt.Sprintf("seed %d was %s, but %s\nagain:   %s", f.finished.Plan.Seed, judgement.Verdict, unlike, f.finished.Plan.Command())
	}
	fmt.Fprintf(&text, "seed %d is %s\n", f.finished.Plan.Seed, judgement.Verdict)
	for _, reason := range reasons(judgement, judgement.Verdict) {
		fmt.Fprintf(&text, "%s\n", reason)
	}
	for _, event := range f.finished.History.Notes() {
		if event.Note.Kind == "runaway" {
			fmt.Fprintf(&text, "the run was broken off: %s\n", event.Note.Detail)
		}
	}
	text.WriteString(f.panics())
	if f.shrunk != nil {
		s := f.shrunk
		fmt.Fprintf(&text, "\n%s -> %s (%d runs in %.1f s)\n\n", sized(s.Before), sized(s.After), s.Runs, s.Wall.Seconds())
		_ = reports.TerminalStory(&text, *f.small.Story, false) // a strings.Builder does not err
		text.WriteString("\n")
	}
	for _, err := range f.trouble {
		fmt.Fprintf(&text, "besides: %v\n", err)
	}
	if report := f.report(); report != "" {
		fmt.Fprintf(&text, "report:  %s\n", report)
	}
	fmt.Fprintf(&text, "again:   %s\n", f.finished.Plan.Command())
	if f.shrunk != nil {
		fmt.Fprintf(&text, "smaller: %s\n", f.small.Replay())
	}
	return strings.TrimRight(text.String(), "\n")
}

// sized is how large a case is, in words.
func sized(s shrink.Size) string {
	return fmt.Sprintf("%s, %s, %s, %s", counted(s.Operations, "operation"), counted(s.Faults, "fault"), counted(s.Nodes, "node"),
		time.Duration(s.Duration).Round(time.Millisecond))
}

func counted(number int, what string) string {
	if number == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", number, what)
}

// panicMark is how the log of a process begins a panic, after the time.
const panicMark = "panic: "

// panics are the stacks of those processes that panicked, as far as they are of their own code.
func (f *failure) panics() string {
	if f.finished.Folder == "" {
		return ""
	}
	text := ""
	for _, event := range f.finished.History.Notes() {
		if event.Note.Kind != "panic" {
			continue
		}
		log, err := os.ReadFile(filepath.Join(f.finished.Folder, "nodes", event.Note.Node+".log"))
		if err != nil {
			continue
		}
		if _, stack, found := strings.Cut(string(log), panicMark); found {
			text += "\n" + event.Note.Node + " panicked: " + ownStack(stack)
		}
		break // the first shows what is wrong
	}
	return text
}

// ownStack is what a stack has between the panic and the world that called the process.
func ownStack(stack string) string {
	lines := strings.Split(stack, "\n")
	cause := lines[0]
	if at := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "panic(") }); at >= 0 {
		lines = lines[min(at+2, len(lines)):]
	}
	for len(lines) > 2 && notOwn(lines[0]) { // which found fault with what it was asked for
		lines = lines[2:]
	}
	end := slices.IndexFunc(lines, notOwn)
	if end < 0 {
		end = len(lines)
	}
	return cause + "\n" + strings.Join(lines[:end], "\n") + "\n"
}

// notOwn tells whether a line of a stack is of the world, of the harness, or of the test that began it all.
func notOwn(line string) bool {
	return slices.ContainsFunc([]string{"cleave/world/sim.", "cleave/cleavetest.", "cleave/harness", "testing.", "created by "},
		func(ours string) bool { return strings.HasPrefix(line, ours) })
}
