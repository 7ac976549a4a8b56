package reports

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"cleave/history"
)

// The latency chart is logarithmic, from a tenth of a millisecond to the slowest operation.
const lowestLatency = 0.1

// outcomes are drawn in this order, so that the rare ones lie on top.
var outcomes = []history.Outcome{history.Ok, history.Fail, history.Info}

// waited is how long the client waited, in milliseconds, and whether its wait ended.
func waited(o history.Operation) (float64, bool) {
	return float64(o.GaveUp-o.Invoked) / 1e6, o.GaveUp != history.Forever
}

// latencyChart shows every operation as a mark: a dot if ok, a cross if it failed, a triangle if
// nobody knows. Marks that would lie on the same spot are drawn once.
func latencyChart(h *history.History, a axis) *drawing {
	const height, top = 190.0, 8.0
	highest := 10.0
	for _, operation := range h.Operations {
		if wait, ended := waited(operation); ended {
			highest = max(highest, wait)
		}
	}
	highest = min(math.Pow(10, math.Ceil(math.Log10(highest))), 1e9)
	scale := (height - top - 6) / math.Log10(highest/lowestLatency)
	place := func(wait float64) float64 {
		return top + scale*math.Log10(highest/max(wait, lowestLatency))
	}
	d := a.begin("latency", "How long clients waited",
		"Each operation by the time it was asked and how long its client waited, on a logarithmic scale.", height)
	for wait := lowestLatency; wait <= highest*1.01; wait *= 10 {
		d.line("grid", chartLeft, place(wait), chartWidth-chartLeft-chartRight, 0)
		d.text("label", "end", chartLeft-8, place(wait)+4, decade(wait))
	}
	d.marks(h, a, place)
	d.Table = latencyTable(h, a)
	return d
}

// decade writes a power of ten of milliseconds.
func decade(milliseconds float64) string {
	if milliseconds > 999 {
		return fmt.Sprintf("%.0f s", milliseconds/1000)
	}
	return fmt.Sprintf("%.3g ms", milliseconds)
}

// marks draws the operations.
func (d *drawing) marks(h *history.History, a axis, place func(float64) float64) {
	type spot struct{ x, y, outcome int }
	seen, paths := map[spot]bool{}, make([]strings.Builder, len(outcomes))
	never := 0
	for _, operation := range h.Operations {
		wait, ended := waited(operation)
		if !ended {
			never++
			continue
		}
		s := spot{int(a.x(operation.Invoked)), int(place(wait)), rank(outcomes, operation.Outcome)}
		if seen[s] || s.outcome == len(outcomes) {
			continue
		}
		seen[s] = true
		switch operation.Outcome {
		case history.Ok:
			fmt.Fprintf(&paths[s.outcome], "M%d %dh0", s.x, s.y)
		case history.Fail:
			fmt.Fprintf(&paths[s.outcome], "M%d %dl5 5m0 -5l-5 5", s.x-2, s.y-2)
		case history.Info:
			fmt.Fprintf(&paths[s.outcome], "M%d %dl3 5h-6z", s.x, s.y-3)
		}
	}
	for i, outcome := range outcomes {
		d.path("mark-"+string(outcome), &paths[i])
	}
	if never > 0 {
		d.Notes = append(d.Notes, plural(never, "operation has", "operations have")+" no end in the history and no mark here.")
	}
	if hidden := len(h.Operations) - never - len(seen); hidden > 0 {
		d.Notes = append(d.Notes, plural(hidden, "operation has", "operations have")+" the same spot as another; such a spot is drawn once.")
	}
}

func latencyTable(h *history.History, a axis) table {
	t := table{Caption: "How long clients waited, by the time they asked", Head: []string{"from second", "operations",
		"ok, median", "ok, 99th percentile", "ok, longest", "not ok, median", "not ok, longest"}}
	good, bad := make([][]float64, a.bins()), make([][]float64, a.bins())
	for _, operation := range h.Operations {
		wait, ended := waited(operation)
		column := a.at(operation.Invoked)
		switch {
		case !ended:
		case operation.Outcome == history.Ok:
			good[column] = append(good[column], wait)
		default:
			bad[column] = append(bad[column], wait)
		}
	}
	for column := range good {
		slices.Sort(good[column])
		slices.Sort(bad[column])
		t.add(fmt.Sprintf("%g", (history.Time(column)*a.bin()).Seconds()), thousands(len(good[column])+len(bad[column])),
			quantile(good[column], 50), quantile(good[column], 99), quantile(good[column], 100),
			quantile(bad[column], 50), quantile(bad[column], 100))
	}
	t.bound()
	return t
}

// quantile of sorted waits, by nearest rank.
func quantile(sorted []float64, hundredths int) string {
	if len(sorted) == 0 {
		return ""
	}
	return duration(sorted[max((len(sorted)*hundredths+99)/100-1, 0)])
}
