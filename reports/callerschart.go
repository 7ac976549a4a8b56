package reports

import (
	"fmt"
	"slices"
)

// The layout of the picture of what callers get: a row for each fault, in it a column for each side, in that a lane for each
// system.
const (
	answerLeft = 176.0
	answerTop  = 26.0
	answerLane = 9.5
	answerHead = 18.0
	answerFoot = 4.0
	answerGap  = 30.0
)

// answerMark is the mark of a system, for the legend.
type answerMark struct{ Title, Class, Path string }

// panel is where the shares of a side are drawn.
type panel struct{ x, width float64 }

func (p panel) at(share float64) float64 { return p.x + p.width*min(max(share, 0), 1) }

// answerWithPicture answers with all that the page shows.
func answerWithPicture(c Callers, subjects []Subject) *answer {
	a := answerOf(c, subjects)
	if len(a.Faults) == 0 {
		return nil
	}
	c.Columns = c.Columns[:min(len(c.Columns), 2*mostSystems)]
	for i, column := range c.Columns {
		a.Marks = append(a.Marks, answerMark{column.title(), column.class(), c.mark(i, 7, 7, 4.5)})
	}
	a.Picture = a.chart(&c)
	for _, phase := range c.phases() {
		a.Tables = append(a.Tables, c.table(phase))
	}
	return a
}

// phases are those of the rows, in order.
func (c *Callers) phases() (all []string) {
	for _, row := range c.Rows {
		if !slices.Contains(all, row.Phase) {
			all = append(all, row.Phase)
		}
	}
	return all
}

// chart draws the answer.
func (a *answer) chart(c *Callers) *drawing {
	row := answerHead + answerLane*float64(len(c.Columns)) + answerFoot
	bottom := answerTop + row*float64(len(a.Faults))
	d := &drawing{ID: "answer", Title: "Calls that reached a live instance, by fault and side", Width: chartWidth, Height: bottom + chartBottom,
		Desc: "For each fault a row, in it a column for each side, and in that a lane for each system: its mark is the median over the seeds " +
			"of the share of calls that reached a live instance with one retry, the line through it goes from the worst seed to the best, and the " +
			"bar before it begins at the share without a retry. Above the lanes stands who gave most."}
	panels := make([]panel, len(a.sides))
	width := (chartWidth - answerLeft - chartRight) / float64(len(panels))
	for i := range panels {
		p := panel{answerLeft + width*float64(i) + answerGap/2, width - answerGap}
		panels[i] = p
		d.text("heading", "start", p.x, 14, a.Sides[i])
		for _, tick := range []float64{0, 0.25, 0.5, 0.75, 1} {
			d.line("grid", p.at(tick), answerTop, 0, bottom-answerTop)
		}
		for _, tick := range []int{0, 50, 100} {
			d.text("label", "middle", p.at(float64(tick)/100), bottom+15, fmt.Sprint(tick))
		}
	}
	d.text("label", "end", answerLeft-8, bottom+15, "of 100 calls")
	for i, fault := range a.Faults {
		y := answerTop + row*float64(i)
		d.line("base", 0, y, chartWidth, 0)
		d.text("heading", "start", 4, y+14, clip(fault.Fault.Name, 24))
		for k, side := range a.sides {
			if r := c.row(c.faults()[i], side); r != nil {
				d.text("most", "start", panels[k].x, y+13, clip(fault.Cells[k].Retried.Most, 30))
				d.lanes(c, r, panels[k], y+answerHead)
			}
		}
	}
	d.line("base", 0, bottom, chartWidth, 0)
	d.Table = a.table(c)
	return d
}

// lanes draws what the systems gave the callers of one side under one fault.
func (d *drawing) lanes(c *Callers, row *CallersRow, p panel, top float64) {
	for i := range c.Columns {
		if i >= len(row.Cells) || len(row.Cells[i].Seeds) == 0 {
			continue
		}
		cell, column := &row.Cells[i], c.Columns[i]
		y, first, again := top+answerLane*(float64(i)+0.5), cell.median(reached), cell.median(retried)
		least, most := cell.limits(retried)
		d.rect("gain "+column.class(), p.at(first), y-2, max(p.at(again)-p.at(first), 0), 4, "")
		d.line("reach "+column.class(), p.at(least), y, p.at(most)-p.at(least), 0)
		d.Shapes = append(d.Shapes, shape{Kind: "path", Class: column.class(), Path: c.mark(i, p.at(again), y, 3.9),
			Hint: fmt.Sprintf("%s, %s: %s", column.title(), row.title(), cell.words())})
	}
}

// words are the shares of a cell, of 100: without a retry, with one, and in the worst and best seed.
func (c *CallersCell) words() string {
	return fmt.Sprintf("%.0f, with a retry %.0f (%s)", 100*c.median(reached), 100*c.median(retried), c.spread())
}

// class is the colour of a column by its kind; caches that are looked into alone are hollow.
func (c CallersColumn) class() string {
	class := "kin"
	switch c.Kind {
	case "CP":
		class = "kin-cp"
	case "AP":
		class = "kin-ap"
	case "CP+cache":
		class = "kin-hybrid"
	}
	if c.Cached {
		class += " hollow"
	}
	return class
}

// mark is the shape of a column around a point: each system has one of its own, as far as there are shapes.
func (c *Callers) mark(column int, x, y, size float64) string {
	var systems []string
	for _, one := range c.Columns[:column+1] {
		if !slices.Contains(systems, one.System) {
			systems = append(systems, one.System)
		}
	}
	x, y = round(x), round(y)
	switch slices.Index(systems, c.Columns[column].System) % 4 {
	case 0:
		return fmt.Sprintf("M%g %ga%g %g 0 1 0 %g 0a%g %g 0 1 0 %g 0z", x-size, y, size, size, 2*size, size, size, -2*size)
	case 1:
		return fmt.Sprintf("M%g %gl%g %gl%g %gl%g %gz", x-size-0.6, y, size+0.6, -size-0.6, size+0.6, size+0.6, -size-0.6, size+0.6)
	case 2:
		return fmt.Sprintf("M%g %gh%gv%gh%gz", x-size+0.5, y-size+0.5, 2*size-1, 2*size-1, 1-2*size)
	}
	return fmt.Sprintf("M%g %gh%gl%g %gz", x-size, y+size-0.5, 2*size, -size, 1-2*size)
}

// table is the picture as numbers.
func (a *answer) table(c *Callers) table {
	t := table{Caption: "Of 100 calls, those that reached a live instance: without a retry, with one, and with one in the worst seed and the best; " +
		"medians over " + c.seeds(), Head: []string{"fault, side"}}
	for _, column := range c.Columns {
		t.Head = append(t.Head, column.title())
	}
	for _, fault := range c.faults() {
		for _, side := range a.sides {
			if row := c.row(fault, side); row != nil {
				t.add(c.texts(row, (*CallersCell).words)...)
			}
		}
	}
	t.bound()
	return t
}

// table has the means of a phase.
func (c *Callers) table(phase string) table {
	t := table{Caption: phase + ": of 100 calls, those that reached a live instance at the first address / with a retry; mean over " + c.seeds(),
		Head: []string{"fault, side"}}
	for _, column := range c.Columns {
		t.Head = append(t.Head, column.title())
	}
	for _, row := range c.told() {
		if row.Phase == phase {
			t.add(c.texts(&row, func(cell *CallersCell) string {
				return fmt.Sprintf("%d / %d", cell.percent(cell.Reached), cell.percent(cell.Retried))
			})...)
		}
	}
	t.bound()
	return t
}

// texts are the cells of a row of a table.
func (c *Callers) texts(row *CallersRow, shown func(*CallersCell) string) []string {
	texts := []string{row.title()}
	for i := range c.Columns {
		if i >= len(row.Cells) || row.Cells[i].Calls == 0 {
			texts = append(texts, "–")
		} else {
			texts = append(texts, shown(&row.Cells[i]))
		}
	}
	return texts
}
