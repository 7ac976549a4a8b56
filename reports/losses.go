package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cleave/history"
)

// LossColumn is how much time each count of a Loss is about.
const LossColumn = history.Time(100_000_000)

// Loss is how often something was lost on a directed link, by cuts or by chance, messages, datagrams and attempts
// to connect. What is sent again may be lost again.
type Loss struct {
	From string `json:"from"`
	To   string `json:"to"`
	// Lost are pairs, in order of time: which tenth of a second from the start of the run, and how many were lost in it.
	Lost [][2]int `json:"lost"`
}

// mostLossRows is how many links are drawn.
const mostLossRows = 12

func (l Loss) total() (sum int) {
	for _, count := range l.Lost {
		sum += count[1]
	}
	return sum
}

func (l Loss) link() string { return clean(l.From, 12) + " → " + clean(l.To, 12) }

// in counts by the columns of an axis.
func (l Loss) in(a axis) []int {
	columns := make([]int, a.bins())
	for _, count := range l.Lost {
		columns[a.at(history.Time(count[0])*LossColumn)] += count[1]
	}
	return columns
}

// mostLosses are the links that lost most, the most first, and what the others lost.
func mostLosses(all []Loss) (most []Loss, others int) {
	most = slices.Clone(all)
	slices.SortStableFunc(most, func(a, b Loss) int { return cmp.Compare(b.total(), a.total()) })
	if len(most) > mostLossRows {
		for _, loss := range most[mostLossRows:] {
			others += loss.total()
		}
		most = most[:mostLossRows]
	}
	return most, others
}

// lossCharts is the chart of what links lost, if any did: a row for each link.
func lossCharts(all []Loss, a axis) []*drawing {
	if len(all) == 0 {
		return nil
	}
	const rowHeight, gap = 18.0, 6.0
	rows, others := mostLosses(all)
	d := a.begin("losses", "Messages lost on links",
		"A row for each directed link that lost most; the height is how many messages and attempts to connect were lost in each "+
			columnWords(a)+".", 8+(rowHeight+gap)*float64(len(rows)))
	t := table{Caption: "Lost on links, by cuts or by chance: messages and attempts to connect", Head: []string{"from second"}}
	highest := 1
	for _, row := range rows {
		highest = max(highest, slices.Max(row.in(a)))
		t.Head = append(t.Head, row.link())
	}
	for i, row := range rows {
		y := 6 + (rowHeight+gap)*float64(i)
		d.text("label", "end", chartLeft-8, y+14, row.link())
		d.line("grid", chartLeft, y+rowHeight, chartWidth-chartLeft-chartRight, 0)
		var path strings.Builder
		for column, n := range row.in(a) {
			if n > 0 {
				x, width := a.column(column)
				filled := max(rowHeight*float64(n)/float64(highest), 1.5)
				box(&path, x, y+rowHeight-filled, width, filled)
			}
		}
		d.path("stack-fail", &path)
	}
	if extra := len(all) - len(rows); extra > 0 {
		d.Notes = append(d.Notes, fmt.Sprintf("%s not drawn; together %s were lost there.",
			plural(extra, "further link is", "further links are"), thousands(others)))
	}
	for column := range a.bins() {
		cells := []string{fmt.Sprintf("%g", (history.Time(column) * a.bin()).Seconds())}
		for _, row := range rows {
			cells = append(cells, thousands(row.in(a)[column]))
		}
		t.add(cells...)
	}
	t.bound()
	d.Table = t
	return []*drawing{d}
}
