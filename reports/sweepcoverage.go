package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// coverage is what faults met, as heat maps: one of all kinds of faults, and for each kind one in full.
type coverage struct {
	Situations string
	Overview   heatMap
	Kinds      []heatMap
	Cut        string
}

// heatMap is a table of counts, the more the darker. Columns are in groups.
type heatMap struct {
	Title  string
	Head   string // of the first column
	Groups []heatGroup
	Rows   []heatRow
	Cut    string
}

// heatGroup is a heading over some columns.
type heatGroup struct {
	Title   string
	Columns []string
}

// heatRow is one row of a heat map.
type heatRow struct {
	Title string
	Cells []heatCell
}

// heatCell is a count and its shade, from 0 for none to hottest.
type heatCell struct {
	Count string
	Shade int
	First bool // in its group
}

// hottest is the darkest of the shades.
const hottest = 5

// The most that the heat maps show: columns and rows of each, and cells of all kinds of faults together.
const (
	mostHeatColumns = 60
	mostHeatRows    = 120
	mostHeatCells   = 40_000
)

// coverageOf makes the heat maps; nil if no fault met anything.
func coverageOf(situations []Situation) *coverage {
	if len(situations) == 0 {
		return nil
	}
	all := slices.Clone(situations)
	for i := range all {
		s := &all[i]
		s.Fault, s.Role, s.Phase, s.Message = name(s.Fault), name(s.Role), name(s.Phase), name(s.Message)
	}
	c := &coverage{Situations: plural(len(all), "situation", "situations")}
	fault, role := func(s Situation) string { return s.Fault }, func(s Situation) string { return s.Role }
	phase, message := func(s Situation) string { return s.Phase }, func(s Situation) string { return s.Message }
	c.Overview = newHeatMap("All kinds of faults", "fault", all, fault, []dimension{{"role of whom it hit", role}, {"phase of the protocol", phase},
		{"type of message under way", message}})
	of := map[string][]Situation{}
	for _, s := range all {
		of[s.Fault] = append(of[s.Fault], s)
	}
	kinds, room := valuesOf(all, fault), mostHeatCells
	for i, kind := range kinds {
		m := newHeatMap(fmt.Sprintf("%s: %s", kind, plural(len(of[kind]), "situation", "situations")), "role, phase", of[kind],
			func(s Situation) string { return s.Role + ", " + s.Phase }, []dimension{{"type of message under way", message}})
		if room -= len(m.Rows) * len(m.Groups[0].Columns); room < 0 {
			c.Cut = plural(len(kinds)-i, "further kind of fault is", "further kinds of faults are") + " not shown; sweep.json has them all."
			break
		}
		c.Kinds = append(c.Kinds, m)
	}
	return c
}

// dimension is one way to tell situations apart.
type dimension struct {
	title string
	of    func(Situation) string
}

// valuesOf are the values of a dimension, sorted; "none" and "any" come last.
func valuesOf(situations []Situation, of func(Situation) string) []string {
	var all []string
	seen := map[string]bool{}
	for _, s := range situations {
		if value := of(s); !seen[value] {
			seen[value] = true
			all = append(all, value)
		}
	}
	vague := func(value string) int {
		if value == "none" || value == "any" {
			return 1
		}
		return 0
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(vague(a)-vague(b), cmp.Compare(a, b)) })
	return all
}

// newHeatMap counts situations by row and by every dimension.
func newHeatMap(title, head string, situations []Situation, row func(Situation) string, dimensions []dimension) heatMap {
	m := heatMap{Title: title, Head: head}
	columns := 0
	type place struct {
		row    string
		group  int
		column string
	}
	rows := valuesOf(situations, row)
	for _, d := range dimensions {
		values := valuesOf(situations, d.of)
		if extra := len(values) - mostHeatColumns; extra > 0 {
			values = values[:mostHeatColumns]
			m.Cut = plural(extra, "further column is", "further columns are") + " not shown. "
		}
		m.Groups = append(m.Groups, heatGroup{d.title, values})
		columns += len(values)
	}
	counts, most := map[place]int{}, make([]int, len(dimensions))
	for _, s := range situations {
		for group, d := range dimensions {
			p := place{row(s), group, d.of(s)}
			counts[p] += s.Count
			most[group] = max(most[group], counts[p])
		}
	}
	for _, text := range rows[:min(len(rows), mostHeatRows)] {
		r := heatRow{Title: text, Cells: make([]heatCell, 0, columns)}
		for group, columns := range m.Groups {
			for j, column := range columns.Columns {
				count := counts[place{text, group, column}]
				r.Cells = append(r.Cells, heatCell{thousands(count), shade(count, most[group]), j == 0})
			}
		}
		m.Rows = append(m.Rows, r)
	}
	if extra := len(rows) - mostHeatRows; extra > 0 {
		m.Cut += plural(extra, "further row is", "further rows are") + " not shown."
	}
	return m
}

// shade is how dark a count is beside the highest, on a logarithmic scale: rare situations are seen too.
func shade(count, most int) int {
	switch {
	case count <= 0:
		return 0
	case most <= 1:
		return hottest
	}
	return 1 + int(math.Round(float64(hottest-1)*math.Log(float64(count))/math.Log(float64(most))))
}
