package reports

import (
	"fmt"
	"strings"

	"cleave/history"
)

// rateChart shows how many operations ended each way, by the time they were asked.
func rateChart(h *history.History, a axis) *drawing {
	const height, top = 110.0, 10.0
	counts := make([][3]int, a.bins())
	most := 1
	for _, operation := range h.Operations {
		at := a.at(operation.Invoked)
		if outcome := rank(outcomes, operation.Outcome); outcome < len(outcomes) {
			counts[at][outcome]++
		}
		most = max(most, counts[at][0]+counts[at][1]+counts[at][2])
	}
	d := a.begin("rate", "Operations asked", "Operations in each "+columnWords(a)+", stacked by outcome: ok, fail, info.", height)
	scale := (height - top) / float64(most)
	perSecond := float64(most) / a.bin().Seconds()
	d.line("grid", chartLeft, top, chartWidth-chartLeft-chartRight, 0)
	d.text("label", "end", chartLeft-8, top+4, fmt.Sprintf("%.4g per s", perSecond))
	d.text("label", "end", chartLeft-8, height+1, "0")
	var paths [3]strings.Builder
	for column, by := range counts {
		x, width := a.column(column)
		y := height
		for outcome, n := range by {
			if n > 0 {
				y -= scale * float64(n)
				box(&paths[outcome], x, y, width, scale*float64(n))
			}
		}
	}
	for i, outcome := range outcomes {
		d.path("stack-"+string(outcome), &paths[i])
	}
	d.Table = table{Caption: "Operations by outcome, by the time they were asked", Head: []string{"from second", "ok", "fail", "info"}}
	for column, by := range counts {
		d.Table.add(fmt.Sprintf("%g", (history.Time(column)*a.bin()).Seconds()), thousands(by[0]), thousands(by[1]), thousands(by[2]))
	}
	d.Table.bound()
	return d
}
