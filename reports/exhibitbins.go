package reports

import (
	"slices"

	"cleave/history"
)

// finest is how many columns of time the counts of a page have at most, however long the run was.
const finest = 1500

// bins count all operations of a run in columns of time, finer than the pictures do.
type bins struct {
	Width    int64    `json:"width"` // of a column, in microseconds
	Outcomes [3][]int `json:"outcomes"`
	Answered []parts  `json:"answered"`
	Waits    []waits  `json:"waits"`
	Registry []parts  `json:"registry"`
	Losses   []parts  `json:"losses"`
}

// parts are so many of so many, by column.
type parts struct {
	Side string `json:"side"`
	Name string `json:"name"`
	Some []int  `json:"some"`
	All  []int  `json:"all"`
}

// waits are quantiles of how long clients waited for what ended ok, in microseconds by column; 0 where nothing did. Columns
// are Merged times as wide as those of counts: quantiles cannot be added.
type waits struct {
	Merged int     `json:"merged"`
	Half   []int64 `json:"half"`
	Most   []int64 `json:"most"` // the 99th percentile
	All    []int64 `json:"all"`  // the longest
}

func binsOf(run Run, a axis, t truth) bins {
	h := run.History
	a.columns = step(a.end, finest)
	b := bins{Width: micro(a.columns), Outcomes: outcomesIn(h, a)}
	servings := servingsOf(h, a)
	for _, s := range servings[:min(len(servings), mostServings)] {
		b.Answered = append(b.Answered, parts{sideWords(s.side), clean(string(s.function), 16), s.ok, s.all})
	}
	for _, row := range registryRows(t.sightings, a) {
		b.Registry = append(b.Registry, parts{Name: row.name, Some: row.some, All: row.all})
	}
	most, _ := mostLosses(run.Losses)
	for _, row := range most {
		b.Losses = append(b.Losses, parts{Name: row.link(), Some: row.in(a)})
	}
	for merged := 1; merged <= 64; merged *= 2 {
		b.Waits = append(b.Waits, waitsOf(h, a, merged))
	}
	return b
}

// outcomesIn counts operations by outcome and by the time they were asked.
func outcomesIn(h *history.History, a axis) (counts [3][]int) {
	for i := range counts {
		counts[i] = make([]int, a.bins())
	}
	for i := range h.Operations {
		if outcome := rank(outcomes, h.Operations[i].Outcome); outcome < len(outcomes) {
			counts[outcome][a.at(h.Operations[i].Invoked)]++
		}
	}
	return counts
}

func waitsOf(h *history.History, a axis, merged int) waits {
	columns := make([][]int64, (a.bins()+merged-1)/merged)
	for i := range h.Operations {
		if o := &h.Operations[i]; o.Outcome == history.Ok {
			column := a.at(o.Invoked) / merged
			columns[column] = append(columns[column], max(micro(o.GaveUp-o.Invoked), 1))
		}
	}
	w := waits{Merged: merged}
	for _, column := range columns {
		slices.Sort(column)
		w.Half, w.Most, w.All = append(w.Half, nearest(column, 50)), append(w.Most, nearest(column, 99)), append(w.All, nearest(column, 100))
	}
	return w
}

// nearest is a quantile by nearest rank, 0 of nothing.
func nearest(sorted []int64, hundredths int) int64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max((len(sorted)*hundredths+99)/100-1, 0)]
}
