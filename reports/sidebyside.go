package reports

import (
	"fmt"
	"math"
	"strings"

	"cleave/history"
)

// sideBySide are the pictures of one workload: a fault each, all systems above each other on one time axis.
type sideBySide struct {
	Workload string
	Pictures []courseView
}

// courseView is one of these pictures. Open is that of the first fault that had a minority side.
type courseView struct {
	Title, Text string
	Open        bool
	Picture     *drawing
}

// mostPictures is how many of them a page has, and mostRunners how many systems each.
const (
	mostPictures = 80
	mostRunners  = 6
)

// runner is a column of a comparison with what its run was like.
type runner struct {
	title  string
	course *Course
}

// sidesOf makes the pictures of all workloads in which at least two runs of one schedule are known over time, and says how many
// there is no room for.
func sidesOf(c Comparison) (all []sideBySide, cut string) {
	pictures, hidden := 0, 0
	for _, workload := range c.Workloads {
		side := sideBySide{Workload: name(workload.Name)}
		columns, opened := c.columns(workload.Name), false
		for _, fault := range c.Faults {
			var runners []runner
			for _, column := range columns {
				if cell := c.cell(workload.Name, fault.Name, column.system, column.world); cell != nil && cell.Course != nil && len(runners) < mostRunners {
					runners = append(runners, runner{column.Title(), cell.Course})
				}
			}
			if len(runners) < 2 {
				continue
			}
			if pictures++; pictures > mostPictures {
				hidden++
				continue
			}
			view := courseView{Title: name(fault.Name), Text: sentence(fault.Text),
				Picture: courseChart(fmt.Sprintf("course-%d", pictures), name(fault.Name), runners)}
			if !opened && runners[0].course.minority() {
				opened, view.Open = true, true
			}
			side.Pictures = append(side.Pictures, view)
		}
		if len(side.Pictures) > 0 {
			all = append(all, side)
		}
	}
	if hidden > 0 {
		cut = plural(hidden, "further schedule is", "further schedules are") + " not drawn; each run's page has its own charts."
	}
	return all, cut
}

// The heights of the parts of a picture.
const (
	courseHead    = 24.0
	courseSideRow = 19.0
	courseWaits   = 64.0
	courseTruth   = 30.0
	courseGap     = 6.0
)

// courseScale is what the runs of a picture share, so that what is as high is as much.
type courseScale struct {
	axis
	slowest, oldest float64 // ms
}

// courseChart draws runs of one schedule above each other.
func courseChart(id, fault string, runners []runner) *drawing {
	scale := courseScale{slowest: 10, oldest: 10}
	height := 0.0
	for _, r := range runners {
		scale.end = max(scale.end, r.course.end)
		for _, wait := range r.course.latency[1] {
			scale.slowest = max(scale.slowest, wait)
		}
		for _, age := range r.course.oldest {
			scale.oldest = max(scale.oldest, age)
		}
		height += r.course.height() + 2*courseGap
	}
	for _, highest := range []*float64{&scale.slowest, &scale.oldest} {
		*highest = min(math.Pow(10, math.Ceil(math.Log10(*highest))), 1e9)
	}
	d := scale.begin(id, "Side by side under "+fault, "For each system, one above the other on one time axis: what was answered on each side, how long "+
		"clients waited for answers (the median, and 99 of 100), and how far answers were from the truth. Shaded: a fault was in force.", height)
	y := 0.0
	for _, r := range runners {
		d.course(r, scale, y)
		y += r.course.height() + 2*courseGap
	}
	d.Table = courseTable(runners, scale)
	return d
}

// height is how much room a run takes.
func (c *Course) height() float64 {
	height := courseHead + courseSideRow*float64(len(c.sides)) + courseGap + courseWaits
	if c.oldest != nil {
		height += courseGap + courseWaits
	}
	return height + (courseTruth+courseGap)*float64(len(c.registry))
}

// course draws one run.
func (d *drawing) course(r runner, scale courseScale, y float64) {
	c, bottom := r.course, y+r.course.height()
	scale.columns = c.column
	for _, band := range c.bands {
		d.rect("band", scale.x(band.from), y+courseHead, max(scale.x(band.to)-scale.x(band.from), 1), bottom-y-courseHead,
			fmt.Sprintf("%s, %s to %s", band.kind, clock(band.from), clock(band.to)))
	}
	for _, phase := range c.phases {
		d.line("phase", scale.x(phase), y+courseHead, 0, bottom-y-courseHead)
	}
	d.text("heading", "start", chartLeft, y+17, r.title)
	y += courseHead
	for _, side := range c.sides {
		d.text("label", "end", chartLeft-8, y+13, side.side)
		d.serving(scale.axis, serving{ok: side.ok, all: side.all}, y, courseSideRow-3)
		y += courseSideRow
	}
	y += courseGap
	d.scaled("waited", y, scale.slowest, scale.axis, "wait-most", c.latency[1])
	d.scaled("", y, scale.slowest, scale.axis, "wait", c.latency[0])
	y += courseWaits
	if c.oldest != nil {
		y += courseGap
		d.scaled("out of date", y, scale.oldest, scale.axis, "old", c.oldest)
		y += courseWaits
	}
	for _, part := range c.registry {
		y += courseGap
		d.portion(part, scale.axis, y)
		y += courseTruth
	}
}

// scaled draws lengths of time on a logarithmic scale, a bar in each column.
func (d *drawing) scaled(label string, y, highest float64, a axis, class string, values []float64) {
	place := func(v float64) float64 {
		return y + courseWaits*math.Log10(highest/max(v, lowestLatency))/math.Log10(highest/lowestLatency)
	}
	if label != "" {
		d.text("label", "start", 4, y+courseWaits/2+4, label)
		for v := lowestLatency; v <= highest*1.01; v *= 100 {
			d.line("grid", chartLeft, place(v), chartWidth-chartLeft-chartRight, 0)
			d.text("label", "end", chartLeft-8, min(max(place(v)+4, y+9), y+courseWaits), decade(v))
		}
	}
	var path strings.Builder
	for column, v := range values {
		if v >= 0 { // no wait, and nothing out of date, is a line
			x, width := a.column(column)
			box(&path, x, min(place(v), y+courseWaits-1), width, max(y+courseWaits-place(v), 1))
		}
	}
	d.path(class, &path)
}

// portion draws a share in each column.
func (d *drawing) portion(part portion, a axis, y float64) {
	for i, word := range strings.SplitN(part.name, ", ", 2) {
		d.text("label", "end", chartLeft-8, y+12+13*float64(i), word)
	}
	d.line("grid", chartLeft, y, chartWidth-chartLeft-chartRight, 0)
	d.line("grid", chartLeft, y+courseTruth, chartWidth-chartLeft-chartRight, 0)
	var path strings.Builder
	for column, some := range part.some {
		if some > 0 && part.all[column] > 0 {
			x, width := a.column(column)
			filled := max(courseTruth*float64(some)/float64(part.all[column]), 1.5)
			box(&path, x, y+courseTruth-filled, width, filled)
		}
	}
	d.path("wrong", &path)
}

// courseTable is the picture as numbers.
func courseTable(runners []runner, scale courseScale) table {
	t := table{Caption: "Answered of asked by side, how long clients waited, and how far answers were from the truth", Head: []string{"from second"}}
	column := runners[0].course.column
	for _, r := range runners {
		column = max(column, r.course.column)
		for _, side := range r.course.sides {
			t.Head = append(t.Head, r.title+": "+side.side)
		}
		t.Head = append(t.Head, r.title+": median wait", r.title+": 99 of 100 waited at most")
		if r.course.oldest != nil {
			t.Head = append(t.Head, r.title+": most out of date")
		}
		for _, part := range r.course.registry {
			t.Head = append(t.Head, r.title+": "+part.name)
		}
	}
	for i := range int(scale.end/column) + 1 {
		row := []string{fmt.Sprintf("%g", (history.Time(i) * column).Seconds())}
		for _, r := range runners {
			row = append(row, r.course.row(i)...)
		}
		t.add(row...)
	}
	t.bound()
	return t
}

// row is a column of time as cells of the table.
func (c *Course) row(i int) []string {
	share := func(some, all []int) string {
		if i >= len(all) || all[i] == 0 {
			return ""
		}
		return fmt.Sprintf("%d of %d", some[i], all[i])
	}
	length := func(values []float64) string {
		if i >= len(values) || values[i] == nothing {
			return ""
		}
		return duration(values[i])
	}
	var row []string
	for _, side := range c.sides {
		row = append(row, share(side.ok, side.all))
	}
	row = append(row, length(c.latency[0]), length(c.latency[1]))
	if c.oldest != nil {
		row = append(row, length(c.oldest))
	}
	for _, part := range c.registry {
		row = append(row, share(part.some, part.all))
	}
	return row
}
