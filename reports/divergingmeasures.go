package reports

import (
	"cmp"
	"slices"

	"cleave/checker"
	"cleave/history"
)

// sidedMeasures are compared for each side of a cut, beside what was answered of each function.
var sidedMeasures = []string{
	"longest outage", "time to first success after fault", "time to first success after heal", "latency p50", "latency p99",
	"calls reached", "calls reached with a retry",
}

// worstMeasures are compared by their highest on any side during the faults, or in the whole run.
var worstMeasures = []string{
	"stale reads", "staleness max", "versions behind max", "ghosts", "ghost age max", "ghost corrected max", "ghosts left",
	"missing", "missing longest", "list age max", "convergence", "live sets equal", "dead gone", "ghosts kept", "drifted caches",
	"protections entered", "protections left", "lost cancels", "lost cancel longest", "lost overrides", "age of a cut-off cache max",
}

// pairing is a main measure of two runs.
type pairing struct {
	Label, name    string
	one, other     checker.Measure
	inOne, inOther bool
}

// pairings are the main measures of two runs side by side, those that at least one has.
func pairings(one, other numbers) []pairing {
	both := []numbers{one, other}
	var all []pairing
	add := func(label, name string, read func(numbers) (checker.Measure, bool)) {
		p := pairing{Label: label, name: name}
		p.one, p.inOne = read(one)
		p.other, p.inOther = read(other)
		if p.inOne || p.inOther {
			all = append(all, p)
		}
	}
	for _, side := range sideColumns {
		for _, f := range functionsOf(both, side) {
			add(side+": "+functionWords(f)+" answered", "success", func(n numbers) (checker.Measure, bool) { return n.get("success", side, f) })
		}
		for _, f := range outagesOf(both, side) {
			add(side+": longest outage of "+functionWords(f), "longest outage",
				func(n numbers) (checker.Measure, bool) { return n.get("longest outage", side, f) })
		}
		for _, measure := range sidedMeasures {
			add(side+": "+measure, measure, func(n numbers) (checker.Measure, bool) { return n.get(measure, side, "") })
		}
	}
	for _, measure := range worstMeasures {
		add(cmp.Or(worstWords[measure], measure), measure, func(n numbers) (checker.Measure, bool) { return n.worst(measure) })
	}
	return all
}

// divergingMeasures are the main measures of one schedule in two worlds.
func divergingMeasures(one, other numbers) []divergingRow {
	var rows []divergingRow
	for _, p := range pairings(one, other) {
		row := divergingRow{Label: p.Label, Values: [2]value{plain(p.one, p.inOne), plain(p.other, p.inOther)}, Lone: p.inOne != p.inOther}
		if row.Lone {
			row.Difference = "in one world only"
		} else {
			row.Difference, row.Differs = worldsApart.difference(p.one, p.other)
		}
		rows = append(rows, row)
	}
	return rows
}

// worstWords name measures as the tables above do.
var worstWords = map[string]string{
	"stale reads": "stale answers", "staleness max": "most out-of-date answer", "ghosts": "ghosts listed",
	"missing": "live instances missing", "convergence": "time until all nodes agreed", "live sets equal": "time until all lists were equal",
}

// outagesOf are the functions of a side that went unanswered for a while in either run.
func outagesOf(both []numbers, side string) []history.Function {
	var functions []history.Function
	for _, f := range functionsOf(both, side) {
		if slices.ContainsFunc(both, func(n numbers) bool {
			m, found := n.get("longest outage", side, f)
			return found && m.Value > 0
		}) {
			functions = append(functions, f)
		}
	}
	return functions
}
