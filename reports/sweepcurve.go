package reports

import (
	"fmt"
	"slices"
	"strings"
)

// curveRows is how many rows the table of the curves has, about.
const curveRows = 20

// curve is something that grows as seeds are run: how much there is at each seed, from 0.
type curve struct {
	title string   // of many
	one   string   // and of one
	steps []growth // in order of seeds
	total int
}

// growth is by how much a curve grows at a seed.
type growth struct {
	seed uint64
	by   int
}

// upTo is how much there is after a seed.
func (c curve) upTo(seed uint64) int {
	total := 0
	for _, s := range c.steps {
		if s.seed > seed {
			break
		}
		total += s.by
	}
	return total
}

// curvesOf are the curves of a sweep: invalid runs, and how many different things were found, reached and met.
func curvesOf(s Sweep) []curve {
	length := s.stretch()
	invalid := curve{title: "invalid runs", one: "invalid run"}
	for i, count := range s.Curve {
		if count > 0 {
			invalid.steps = append(invalid.steps, growth{min(s.First+uint64(i+1)*length-1, s.Last), count})
		}
	}
	kinds := curve{title: "kinds of broken promises", one: "kind of broken promise"}
	states, situations := curve{title: "states reached", one: "state reached"}, curve{title: "situations met", one: "situation met"}
	for _, find := range s.Finds {
		if len(find.Seeds) > 0 {
			kinds.steps = append(kinds.steps, growth{find.Seeds[0], 1})
		}
	}
	for _, state := range s.States {
		states.steps = append(states.steps, growth{state.First, 1})
	}
	for _, situation := range s.Situations {
		situations.steps = append(situations.steps, growth{situation.First, 1})
	}
	all := []curve{invalid, kinds, situations, states}
	for i := range all {
		c := &all[i]
		slices.SortStableFunc(c.steps, func(a, b growth) int {
			switch {
			case a.seed < b.seed:
				return -1
			case a.seed > b.seed:
				return 1
			}
			return 0
		})
		for _, one := range c.steps {
			c.total += one.by
		}
	}
	return all
}

// stretch is how many seeds each place of Curve stands for.
func (s Sweep) stretch() uint64 {
	if len(s.Curve) == 0 || s.Last < s.First {
		return 1
	}
	return (s.Last-s.First)/uint64(len(s.Curve)) + 1
}

// lately says how much of what was met came late: whether more seeds would bring more.
func lately(s Sweep) string {
	if s.runs() < 8 {
		return ""
	}
	border := s.seedAfter(s.runs() - s.runs()/4)
	var parts []string
	for _, c := range curvesOf(s)[1:] {
		if late := c.total - c.upTo(border); late > 0 {
			parts = append(parts, fmt.Sprintf("%s of the %s", thousands(late), plural(c.total, c.one, c.title)))
		}
	}
	if len(parts) == 0 {
		parts = []string{"nothing new"}
	}
	return "The last quarter of the runs, after seed " + grouped(border) + ", brought " + list(parts) + "."
}

// seedAfter is the seed after which so many had been run.
func (s Sweep) seedAfter(runs int) uint64 {
	left := uint64(max(runs, 1))
	for _, done := range s.Done {
		if size := done.Last - done.First + 1; left <= size {
			return done.First + left - 1
		} else {
			left -= size
		}
	}
	return s.Last
}

// seedAxis places seeds on a chart.
type seedAxis struct{ first, last uint64 }

// x is where a number of seeds since the first is.
func (a seedAxis) x(seed uint64) float64 {
	share := float64(min(max(seed, a.first), a.last+1)-a.first) / (float64(a.last-a.first) + 1)
	return chartLeft + share*(chartWidth-chartLeft-chartRight)
}

// curveChart draws the curves above each other on one axis of seeds; nil if nothing was run.
func curveChart(s Sweep) *drawing {
	if s.runs() == 0 || len(s.Done) == 0 || s.Last < s.First || s.Last-s.First >= 1<<62 {
		return nil
	}
	const panel, top, gap = 74.0, 8.0, 26.0
	curves := curvesOf(s)
	height := top + float64(len(curves))*(panel+gap)
	a := seedAxis{s.First, s.Last}
	d := &drawing{ID: "curve", Title: "What was found, by seeds", Width: chartWidth, Height: height + chartBottom,
		Desc: "For each number a line that grows from the first seed to the last: how much there was after so many seeds."}
	notRun(d, s, a, height)
	for i, c := range curves {
		y := top + float64(i)*(panel+gap) + gap
		d.text("heading", "start", chartLeft, y-7, fmt.Sprintf("%s: %s", c.title, thousands(c.total)))
		if c.total > 0 {
			d.text("label", "end", chartLeft-8, y+8, thousands(c.total))
		}
		d.text("label", "end", chartLeft-8, y+panel-18, "0")
		d.line("grid", chartLeft, y, chartWidth-chartLeft-chartRight, 0)
		d.line("base", chartLeft, y+panel-20, chartWidth-chartLeft-chartRight, 0)
		d.grow(c, a, s.Done[len(s.Done)-1].Last+1, y, panel-20)
	}
	count := s.Last - s.First + 1
	for tick := uint64(0); tick < count; tick += max(uint64(stepOf(count)), 1) {
		d.line("tick", a.x(s.First+tick), height, 0, 4)
		d.text("label", "middle", a.x(s.First+tick), height+15, grouped(s.First+tick))
	}
	d.line("base", chartLeft, height, chartWidth-chartLeft-chartRight, 0)
	d.text("label", "end", chartLeft-14, height+15, "seed")
	d.Table = curveTable(s, curves)
	return d
}

// stepOf is the distance of the labels of so many seeds.
func stepOf(count uint64) int64 {
	for size := int64(1); ; size *= 10 {
		for _, factor := range []int64{1, 2, 5} {
			if count/uint64(size*factor) <= 12 {
				return size * factor
			}
		}
	}
}

// notRun shades the seeds that were not run.
func notRun(d *drawing, s Sweep, a seedAxis, height float64) {
	next, gaps := s.First, 0
	shade := func(from, to uint64) {
		if gaps++; gaps <= mostBands {
			d.rect("unrun", a.x(from), 0, max(a.x(to+1)-a.x(from), 1), height, fmt.Sprintf("seeds %d to %d were not run", from, to))
		}
	}
	for _, done := range s.Done {
		if done.First > next {
			shade(next, done.First-1)
		}
		next = done.Last + 1
	}
	if next <= s.Last {
		shade(next, s.Last)
	}
	if gaps > 0 {
		d.Notes = append(d.Notes, "Shaded: seeds that were not run.")
	}
}

// grow draws one curve, a step up at each seed that brought something, to the end of those that were run.
func (d *drawing) grow(c curve, a seedAxis, end uint64, y, height float64) {
	var area, line strings.Builder
	bottom, total := y+height, 0
	fmt.Fprintf(&line, "M%g %g", round(a.x(a.first)), round(bottom))
	place := func() float64 { return round(bottom - height*float64(total)/float64(max(c.total, 1))) }
	for i := 0; i < len(c.steps); i++ {
		total += c.steps[i].by
		if i+1 < len(c.steps) && round(a.x(c.steps[i+1].seed)) == round(a.x(c.steps[i].seed)) {
			continue // drawn with the next, which is at the same place
		}
		fmt.Fprintf(&line, "H%gV%g", round(a.x(min(c.steps[i].seed, end))), place())
	}
	fmt.Fprintf(&line, "H%g", round(a.x(end)))
	fmt.Fprintf(&area, "%sV%gz", line.String(), round(bottom))
	d.path("curve-area", &area)
	d.path("curve", &line)
}

func curveTable(s Sweep, curves []curve) table {
	t := table{Caption: "What there was after so many seeds", Head: []string{"up to seed", "runs"}}
	for _, c := range curves {
		t.Head = append(t.Head, c.title)
	}
	count := s.Last - s.First + 1
	stretches := (count + s.stretch() - 1) / s.stretch() // the curve of invalid runs knows no other seeds
	for i, every := uint64(0), max(stretches/curveRows, 1); i < stretches; i++ {
		if (i+1)%every != 0 && i+1 != stretches {
			continue
		}
		seed := min(s.First+(i+1)*s.stretch()-1, s.Last)
		row := []string{grouped(seed), grouped(s.doneUpTo(seed))}
		for _, c := range curves {
			row = append(row, thousands(c.upTo(seed)))
		}
		t.add(row...)
	}
	t.bound()
	return t
}

// doneUpTo is how many seeds up to one were run.
func (s Sweep) doneUpTo(seed uint64) uint64 {
	total := uint64(0)
	for _, done := range s.Done {
		if done.First <= seed {
			total += min(done.Last, seed) - done.First + 1
		}
	}
	return total
}
