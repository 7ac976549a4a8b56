package reports

import (
	"fmt"
	"slices"
	"strings"

	"cleave/checker"
	"cleave/history"
)

// banner is the verdict of a run in words.
type banner struct {
	Class, Icon, Word string
	Headline          string
	Lines             []string // the promises broken, or not judged
	Kept              []string // all promises, if all were kept
}

// mostBannerLines is how many promises the banner names.
const mostBannerLines = 6

func bannerOf(run Run) banner {
	t := count(run.Promises)
	total := t.kept + t.broken + t.unknown
	switch run.Verdict {
	case checker.Valid:
		b := banner{Class: "good", Icon: "✓", Word: "VALID", Headline: "every promise was kept"}
		if total > 0 {
			b.Headline = fmt.Sprintf("%d of %d promises kept", t.kept, total)
		}
		for i, result := range run.Promises {
			if i == mostBannerLines && len(run.Promises) > mostBannerLines+1 {
				b.Kept = append(b.Kept, fmt.Sprintf("and %d more", len(run.Promises)-i))
				break
			}
			b.Kept = append(b.Kept, promiseWords(result))
		}
		return b
	case checker.Invalid:
		return banner{Class: "bad", Icon: "✗", Word: "INVALID",
			Headline: fmt.Sprintf("%d of %s BROKEN", t.broken, plural(total, "promise", "promises")), Lines: linesOf(run.Promises, checker.Invalid)}
	}
	b := banner{Class: "unsure", Icon: "?", Word: "UNKNOWN",
		Headline: fmt.Sprintf("%d of %s could not be judged", t.unknown, plural(total, "promise", "promises")), Lines: linesOf(run.Promises, checker.Unknown)}
	if total == 0 {
		b.Headline = "nothing was promised, so nothing was judged"
	}
	return b
}

// linesOf are the promises with a verdict, each with its reason.
func linesOf(results []checker.Result, verdict checker.Verdict) []string {
	var lines []string
	hidden := 0
	for _, result := range results {
		switch {
		case result.Verdict != verdict:
		case len(lines) == mostBannerLines:
			hidden++
		default:
			lines = append(lines, promiseWords(result)+": "+sentence(result.Reason))
		}
	}
	if hidden > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", hidden))
	}
	return lines
}

// tested says in a sentence or two what was tested.
func tested(run Run) string {
	what := fmt.Sprintf("%s with the workload %s under %s, %s, seed %d.",
		name(run.System), name(run.Workload), faultWords(run.Fault), worldWords(run.World), run.Seed)
	if run.History == nil {
		return what
	}
	h := run.History
	by := [3]int{}
	for _, operation := range h.Operations {
		if outcome := rank(outcomes, operation.Outcome); outcome < len(outcomes) {
			by[outcome]++
		}
	}
	return what + fmt.Sprintf(" %s and %s, %.1f s; %s: %s ok, %s failed, %s with unknown outcome.",
		plural(len(h.Run.Nodes), "node", "nodes"), plural(len(h.Run.Clients), "client", "clients"), h.End().Seconds(),
		plural(len(h.Operations), "operation", "operations"), thousands(by[0]), thousands(by[1]), thousands(by[2]))
}

// early says when and why a run ended before its time, "" of one that did not.
func early(run Run) string {
	if run.History == nil {
		return ""
	}
	at, why, early := run.History.EndedEarly()
	if !early {
		return ""
	}
	return fmt.Sprintf("The run ended early, at %s: %s.", clock(at), sentence(why))
}

func faultWords(fault string) string {
	switch {
	case fault == "" || fault == "none":
		return "no fault"
	case fault == "file":
		return "the faults of a schedule file"
	case fault == "random":
		return "faults at random"
	case strings.Contains(fault, "+"):
		return "the faults " + name(fault)
	}
	return "the fault " + name(fault)
}

// faultRow is a fault in the table that tells what each did.
type faultRow struct {
	Kind, Start, End, Nodes, Links, Dropped, Quorum, Leader, Detail, Groups string
	Disturbed, Touched                                                      string // "" if it makes no link worse
	QuorumLost                                                              bool
}

// fills tells whether any fault left a node no room on its disk, or had the disk fail or damaged it.
func fills(windows []window) bool {
	return slices.ContainsFunc(windows, func(w window) bool { return len(w.first.After.Full)+len(w.first.After.Ailing) > 0 })
}

// disturbs tells whether any fault made links worse.
func disturbs(windows []window) bool {
	return slices.ContainsFunc(windows, func(w window) bool { return w.disturbed > 0 || w.last.Touched > 0 })
}

func faultRows(windows []window) ([]faultRow, string) {
	var rows []faultRow
	for i, w := range windows {
		if i == mostRows {
			return rows, plural(len(windows)-i, "further fault is", "further faults are") + " not shown."
		}
		rows = append(rows, newFaultRow(w))
	}
	return rows, ""
}

func newFaultRow(w window) faultRow {
	row := faultRow{Kind: name(w.first.Kind), Start: clock(w.start), End: clock(w.end), Nodes: join(w.nodes),
		Links: thousands(w.links), Dropped: thousands(int(w.last.Dropped)), Quorum: name(w.first.Quorum),
		QuorumLost: w.lost, Detail: sentence(w.first.Detail), Leader: "none", Groups: groupWords(w.first.Groups)}
	if !w.ended {
		row.End = "never"
	}
	if w.disturbed > 0 || w.last.Touched > 0 {
		row.Disturbed, row.Touched = thousands(w.disturbed), thousands(int(w.last.Touched))
	}
	if w.lost {
		row.Quorum = "lost"
	}
	if w.first.Leader != "" {
		row.Leader = name(w.first.Leader)
		if w.first.LeaderSide != "" {
			row.Leader += ", " + name(w.first.LeaderSide)
		}
	}
	return row
}

// groupWords shows who stood together: "n1 c1 | n2 n3 c2 c3".
func groupWords(groups []string) string {
	return clean(strings.Join(groups, " | "), 200)
}

// resultRow is a property in the tables of promises and of what was only measured.
type resultRow struct {
	mark
	Words, Checker, Reason string
	Link                   string // to its evidence on this page
}

// optionsOf cleans options for showing.
func optionsOf(options []Option) []Option {
	shown := make([]Option, 0, len(options))
	for i, option := range options {
		if i == mostRows {
			shown = append(shown, Option{"…", plural(len(options)-i, "further option is", "further options are") + " not shown"})
			break
		}
		shown = append(shown, Option{name(option.Name), sentence(option.Value)})
	}
	return shown
}

// windowsOr are the windows of a history, none of none.
func windowsOr(h *history.History) []window {
	if h == nil {
		return nil
	}
	return windowsOf(h)
}
