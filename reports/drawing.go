package reports

import (
	"fmt"
	"math"
	"strings"

	"cleave/history"
)

// drawing is an SVG picture as data; the template writes it, so every text in it is escaped.
type drawing struct {
	ID          string // unique on the page, made here and not of foreign text
	Title, Desc string // for those who cannot see it
	Width       float64
	Height      float64
	Shapes      []shape
	Notes       []string // what was left out, shown beneath
	Table       table    // the same as numbers
}

// shape is a rectangle, a line, a text or a path, by which of its fields is set.
type shape struct {
	Kind       string // rect, line, text, path
	Class      string // for the style, a constant of this package
	X, Y, W, H float64
	Round      float64 // of a rectangle's corners
	Anchor     string  // of a text: start, middle or end
	Text       string
	Hint       string // shown on hover
	Path       string
}

// table is a real table, with the first column as row headings.
type table struct {
	Caption string
	Head    []string
	Rows    [][]string
	Cut     string // says how many rows were left out, "" if none
}

// mostRows is how many rows a table has at most.
const mostRows = 400

func (t *table) add(cells ...string) { t.Rows = append(t.Rows, cells) }

// bound drops the rows beyond mostRows and says so.
func (t *table) bound() {
	if extra := len(t.Rows) - mostRows; extra > 0 {
		t.Rows = t.Rows[:mostRows]
		t.Cut = plural(extra, "further row is", "further rows are") + " not shown; the run folder has the whole history."
	}
}

func (d *drawing) rect(class string, x, y, w, h float64, hint string) {
	d.Shapes = append(d.Shapes, shape{Kind: "rect", Class: class, X: round(x), Y: round(y), W: round(w), H: round(h), Hint: hint})
}

// line goes from x, y by w, h.
func (d *drawing) line(class string, x, y, w, h float64) {
	d.Shapes = append(d.Shapes, shape{Kind: "line", Class: class, X: round(x), Y: round(y), W: round(x + w), H: round(y + h)})
}

func (d *drawing) text(class, anchor string, x, y float64, text string) {
	d.Shapes = append(d.Shapes, shape{Kind: "text", Class: class, Anchor: anchor, X: round(x), Y: round(y), Text: text})
}

func (d *drawing) path(class string, path *strings.Builder) {
	if path.Len() > 0 {
		d.Shapes = append(d.Shapes, shape{Kind: "path", Class: class, Path: path.String()})
	}
}

// box adds a filled rectangle to a path: thousands of them cost one shape.
func box(path *strings.Builder, x, y, w, h float64) {
	fmt.Fprintf(path, "M%g %gh%gv%gh%gz", round(x), round(y), round(w), round(h), -round(w))
}

// round keeps a tenth of a pixel, so that pages stay small and the same everywhere.
func round(x float64) float64 { return math.Round(x*10) / 10 }

// The layout that charts with the time axis share: what is at one place on the page is at one time.
const (
	chartWidth  = 1000.0
	chartLeft   = 128.0
	chartRight  = 12.0
	chartBottom = 20.0
)

// axis places the time of a run on the charts.
type axis struct {
	end     history.Time
	windows []window
	phases  []interval
	names   []string     // of the phases
	columns history.Time // the width of columns that count; 0 for that of the pictures
}

func newAxis(h *history.History, windows []window) axis {
	a := axis{end: max(h.End(), 1), windows: windows}
	for _, phase := range []history.Phase{history.Warmup, history.Faults, history.Quiet} {
		start, found := h.PhaseStart(phase)
		if !found && phase != history.Warmup {
			continue
		}
		if n := len(a.phases); n > 0 {
			a.phases[n-1].to = start
		}
		a.phases = append(a.phases, interval{start, a.end})
		a.names = append(a.names, string(phase))
	}
	return a
}

// x is where an instant is.
func (a axis) x(t history.Time) float64 {
	share := float64(min(max(t, 0), a.end)) / float64(a.end)
	return chartLeft + share*(chartWidth-chartLeft-chartRight)
}

// mostBands is how many stretches of faults are drawn behind a chart.
const mostBands = 300

// begin starts a chart: the faults in force as bands behind all, the phases and the seconds.
func (a axis) begin(id, title, desc string, height float64) *drawing {
	d := &drawing{ID: id, Title: title, Desc: desc, Width: chartWidth, Height: height + chartBottom}
	bands := 0
	for _, w := range a.windows {
		if w.harmless() {
			continue
		}
		for _, on := range w.on {
			if bands++; bands > mostBands {
				continue
			}
			hint := fmt.Sprintf("%s, %s to %s", name(w.first.Kind), clock(on.from), clock(on.to))
			d.rect("band", a.x(on.from), 0, max(a.x(on.to)-a.x(on.from), 1), height, hint)
		}
	}
	if bands > mostBands {
		d.Notes = append(d.Notes, fmt.Sprintf("Only the first %d of %s stretches of faults are shaded.", mostBands, thousands(bands)))
	}
	for i, phase := range a.phases {
		if i > 0 {
			d.line("phase", a.x(phase.from), 0, 0, height)
		}
	}
	for i := range a.end/a.tick() + 1 { // counted: with an end near the last instant there is, the sum would go round
		t := i * a.tick()
		d.line("tick", a.x(t), height, 0, 4)
		d.text("label", "middle", a.x(t), height+15, fmt.Sprintf("%g", t.Seconds()))
	}
	d.line("base", chartLeft, height, chartWidth-chartLeft-chartRight, 0)
	d.text("label", "end", chartLeft-12, height+15, "seconds")
	return d
}

// tick is the distance of the labels on the axis: 1, 2 or 5 times a power of ten.
func (a axis) tick() history.Time { return step(a.end, 14) }

// step is the smallest 1, 2 or 5 times a power of ten nanoseconds of which at most a number fit.
func step(end history.Time, most int) history.Time {
	for size := history.Time(1); ; size *= 10 {
		for _, factor := range []history.Time{1, 2, 5} {
			if end/(size*factor) <= history.Time(most) {
				return size * factor
			}
		}
	}
}

// bin is the width of the columns of charts that count: a second, or more in a long run and less in
// a short one.
func (a axis) bin() history.Time {
	const second = history.Time(1e9)
	if a.columns > 0 {
		return a.columns
	}
	if a.end >= 20*second {
		return max(second, step(a.end, 150))
	}
	return step(a.end, 75)
}

// bins is the number of columns, and at gives the one that an instant falls into.
func (a axis) bins() int { return int(a.end/a.bin()) + 1 }

func (a axis) at(t history.Time) int { return min(max(int(t/a.bin()), 0), a.bins()-1) }

// column is where a bin is drawn.
func (a axis) column(bin int) (x, width float64) {
	from := history.Time(bin) * a.bin()
	x = a.x(from)
	return x, max(a.x(from+min(a.bin(), a.end-from))-x-0.6, 0.4)
}
