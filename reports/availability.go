package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cleave/checker"
	"cleave/history"
)

// serving is one row of the availability chart: the operations of one function on one side.
type serving struct {
	side     string
	function history.Function
	ok, all  []int // by column; ok counts definite refusals too, as the measure "success" does
}

// mostServings is how many rows the chart has at most.
const mostServings = 24

// servingsOf counts answered and all operations by side, function and column. An operation belongs
// to the column in which it was invoked and to the side on which its client stood throughout.
func servingsOf(h *history.History, a axis) []serving {
	type key struct {
		side     string
		function history.Function
	}
	where, position := checker.NewSides(h), map[key]int{}
	var servings []serving
	for _, operation := range h.Operations {
		if operation.Function == history.Die || operation.Function == history.Home {
			continue // asks no server for anything
		}
		k := key{string(where.During(operation)), operation.Function}
		at, known := position[k]
		if !known {
			at = len(servings)
			position[k] = at
			servings = append(servings, serving{k.side, k.function, make([]int, a.bins()), make([]int, a.bins())})
		}
		column := a.at(operation.Invoked)
		servings[at].all[column]++
		if operation.Outcome == history.Ok || operation.Outcome == history.Fail && checker.Refusal(operation.Error) {
			servings[at].ok[column]++
		}
	}
	slices.SortFunc(servings, func(x, y serving) int {
		return cmp.Or(compareSides(x.side, y.side), compareFunctions(x.function, y.function))
	})
	return servings
}

// availabilityChart shows, row by row, which part of the operations was answered.
func availabilityChart(h *history.History, a axis) *drawing {
	const rowHeight, gap, sideGap = 20.0, 5.0, 18.0
	servings := servingsOf(h, a)
	shown := servings[:min(len(servings), mostServings)]
	height := 6.0
	for i, s := range shown {
		if i == 0 || shown[i-1].side != s.side {
			height += sideGap
		}
		height += rowHeight + gap
	}
	d := a.begin("availability", "Answered operations by side",
		"One row for each side and function; each column is "+columnWords(a)+". "+
			"The filled part is the share that was answered: ok, or with a definite refusal.", height)
	y := 6.0
	for i, s := range shown {
		if i == 0 || shown[i-1].side != s.side {
			y += sideGap
			d.text("heading", "start", 4, y-5, sideWords(s.side))
		}
		d.text("label", "end", chartLeft-8, y+14, clean(string(s.function), 16))
		d.serving(a, s, y, rowHeight)
		y += rowHeight + gap
	}
	if extra := len(servings) - len(shown); extra > 0 {
		d.Notes = append(d.Notes, plural(extra, "further row is", "further rows are")+" not drawn.")
	}
	d.Table = availabilityTable(shown, a)
	return d
}

// serving draws one row. Any answer, and any refusal, is at least a visible line.
func (d *drawing) serving(a axis, s serving, y, height float64) {
	var good, bad strings.Builder
	for column, all := range s.all {
		if all == 0 {
			continue
		}
		x, width := a.column(column)
		filled := height * float64(s.ok[column]) / float64(all)
		switch s.ok[column] {
		case 0, all:
		default:
			filled = min(max(filled, 1.5), height-1.5)
		}
		if filled > 0 {
			box(&good, x, y+height-filled, width, filled)
		}
		if filled < height {
			box(&bad, x, y, width, height-filled)
		}
	}
	d.path("refused", &bad)
	d.path("answered", &good)
}

func sideWords(side string) string {
	switch side {
	case "":
		return "side not known"
	case string(checker.CutOff):
		return "cut off from every node"
	case string(checker.Changing):
		return "side changed meanwhile"
	}
	return name(side) + " side"
}

func columnWords(a axis) string {
	return duration(float64(a.bin())/1e6) + " of the run"
}

func availabilityTable(servings []serving, a axis) table {
	t := table{Caption: "Operations answered, of those asked, by the time they were asked", Head: []string{"from second"}}
	for _, s := range servings {
		t.Head = append(t.Head, strings.TrimSuffix(sideWords(s.side), " side")+": "+name(string(s.function)))
	}
	for column := range a.bins() {
		row := []string{fmt.Sprintf("%g", (history.Time(column) * a.bin()).Seconds())}
		for _, s := range servings {
			cell := ""
			if s.all[column] > 0 {
				cell = fmt.Sprintf("%d of %d", s.ok[column], s.all[column])
			}
			row = append(row, cell)
		}
		t.add(row...)
	}
	t.bound()
	return t
}
