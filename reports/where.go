package reports

import (
	"cmp"
	"fmt"
	"slices"
)

// Traffic is what a directed link carried, in Ethernet frames.
type Traffic struct {
	From, To  string
	Frames    int64 // that arrived
	Bytes     int64 // of those
	Dropped   int64 // lost to cuts
	Lost      int64 // lost or damaged by chance
	Disturbed int64 // that a fault lost, damaged, doubled, held back or delayed
}

// mostLinks is how many links the table of traffic has at most.
const mostLinks = 24

// traffic is what the network carried, as a table: those links first of which a fault took most.
type traffic struct {
	Total trafficRow
	Rows  []trafficRow
	Cut   string
}

// trafficRow is a link, or all of them.
type trafficRow struct {
	Link, Frames, Bytes, Dropped, Lost, Disturbed string
}

// trafficOf makes the table; nil if nothing was counted, as in simulation.
func trafficOf(links []Traffic) *traffic {
	if len(links) == 0 {
		return nil
	}
	sorted := slices.Clone(links)
	slices.SortStableFunc(sorted, func(a, b Traffic) int {
		return cmp.Or(cmp.Compare(b.Dropped, a.Dropped), cmp.Compare(b.Disturbed, a.Disturbed), cmp.Compare(b.Lost, a.Lost),
			cmp.Compare(b.Frames, a.Frames))
	})
	total := totalOf(links)
	t := &traffic{Total: newTrafficRow("all "+plural(len(links), "link", "links"), total)}
	for i, link := range sorted {
		if i == mostLinks {
			t.Cut = leftOut(sorted[i:])
			break
		}
		t.Rows = append(t.Rows, newTrafficRow(name(link.From)+" → "+name(link.To), link))
	}
	return t
}

// leftOut says what the links carried that are not shown.
func leftOut(links []Traffic) string {
	rest := totalOf(links)
	text := plural(len(links), "further link is", "further links are") + " not shown; together " + plural(int(rest.Frames), "frame", "frames")
	for _, one := range []struct {
		number int64
		words  string
	}{{rest.Dropped, "lost to cuts"}, {rest.Lost, "lost by chance"}, {rest.Disturbed, "disturbed"}} {
		if one.number > 0 {
			text += ", " + thousands(int(one.number)) + " " + one.words
		}
	}
	return text + ". traffic.json has them all."
}

func totalOf(links []Traffic) Traffic {
	var total Traffic
	for _, link := range links {
		total.Frames += link.Frames
		total.Bytes += link.Bytes
		total.Dropped += link.Dropped
		total.Lost += link.Lost
		total.Disturbed += link.Disturbed
	}
	return total
}

func newTrafficRow(link string, t Traffic) trafficRow {
	return trafficRow{link, thousands(int(t.Frames)), size(t.Bytes), thousands(int(t.Dropped)), thousands(int(t.Lost)), thousands(int(t.Disturbed))}
}

// size writes a number of bytes, to three digits or so.
func size(bytes int64) string {
	if bytes < 1000 {
		return plural(int(bytes), "byte", "bytes")
	}
	value := float64(bytes)
	for _, unit := range []string{"kB", "MB", "GB"} {
		if value /= 1000; value < 999.5 {
			if value < 9.95 {
				return fmt.Sprintf("%.1f %s", value, unit)
			}
			return fmt.Sprintf("%.0f %s", value, unit)
		}
	}
	return thousands(int(value)) + " GB"
}

// mostFacts is how many facts of its world a run shows on a terminal.
const mostFacts = 8

// where says on a terminal where a run was and what its network carried.
func (s *screen) where(run Run) {
	if len(run.Environment) == 0 && len(run.Traffic) == 0 {
		return
	}
	s.line("")
	s.line(s.paint("bold", "Where it ran"))
	for i, fact := range run.Environment {
		if i == mostFacts {
			s.line("  " + plural(len(run.Environment)-i, "further fact is", "further facts are") + " in the report")
			break
		}
		s.wrapped(name(fact.Name)+": "+sentence(fact.Value), 2, runWidth)
	}
	if t := trafficOf(run.Traffic); t != nil {
		s.wrapped(fmt.Sprintf("the network carried %s frames (%s) on %s; %s lost to cuts, %s by chance, %s disturbed", t.Total.Frames, t.Total.Bytes,
			plural(len(run.Traffic), "link", "links"), t.Total.Dropped, t.Total.Lost, t.Total.Disturbed), 2, runWidth)
	}
}
