package reports

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"cleave/history"
)

// Callers is what a service's callers would have got of systems under the same schedules, over many seeds: the answer to
// which kind of discovery is better for them, and when.
type Callers struct {
	Command     string
	First, Last uint64 // seeds
	Columns     []CallersColumn
	Rows        []CallersRow
}

// CallersColumn is a system with a way to use it.
type CallersColumn struct {
	System string
	Kind   string // of the system: "CP", "AP", "CP+cache"
	Cached bool   // consumers look into their caches alone, and never ask a server
}

// CallersRow is what happened under a fault, to the callers of a side ("" for all) in a phase.
type CallersRow struct {
	Fault, Side, Phase string
	Cells              []CallersCell // of the columns, in order
}

// CallersCell counts calls over all seeds.
type CallersCell struct {
	Calls, Reached, Retried int           // all; those that reached a live instance at the first address; and with one retry
	Possible                int           // those at which a live instance was within reach
	Seeds                   []CallersSeed // of the same by themselves, those in which there were calls, in order
}

// CallersSeed is the part of the calls of one seed, from 0 to 1, that reached a live instance at the first address, and with
// one retry.
type CallersSeed struct {
	Seed             uint64
	Reached, Retried float64
}

// CallersFile is the name of the file with all tables, beside the page.
const CallersFile = "callers.md"

// amid is the phase of faults.
const amid = string(history.Faults)

// MarkdownCallers writes the answer for each failure, and a table for each phase, in the order of the rows: of each cell the part
// of all calls, in percent, that reached a live instance at the first address, and with a retry. The best of a row stand out. The
// spread over the seeds follows, of the phase of faults. It errors only if out does.
func MarkdownCallers(out io.Writer, callers Callers) error {
	var text strings.Builder
	callers.answers(&text)
	fmt.Fprintf(&text, "Calls that reached a live instance: %% at the first address / with a retry at the next; %s, mean.\n", callers.seeds())
	phase := ""
	for i, row := range callers.told() {
		if i == 0 || row.Phase != phase {
			phase = row.Phase
			callers.head(&text, phase)
		}
		row.write(&text, func(cell *CallersCell) string { return cell.text(row.best()) })
	}
	callers.head(&text, "faults, with a retry: the worst seed and the best")
	for _, row := range callers.told() {
		if row.Phase == amid {
			row.write(&text, (*CallersCell).spread)
		}
	}
	fmt.Fprintf(&text, "\nMade by `%s`.\n", strings.ReplaceAll(callers.Command, "`", "'"))
	_, err := io.WriteString(out, text.String())
	return err
}

// answers writes who gives callers most under each fault, on each side.
func (c *Callers) answers(text *strings.Builder) {
	a := answerOf(*c, nil)
	fmt.Fprintf(text, "%s\n\n| faults |", marked(a.Rule))
	for _, side := range a.Sides {
		fmt.Fprintf(text, " %s |", side)
	}
	text.WriteString("\n|---|" + strings.Repeat("---|", len(a.Sides)) + "\n")
	for _, fault := range a.Faults {
		fmt.Fprintf(text, "| %s |", marked(fault.Fault.Name))
		for _, cell := range fault.Cells {
			if !cell.Found {
				text.WriteString(" – |")
			} else {
				fmt.Fprintf(text, " **%s**: %s |", marked(cell.Retried.Most), marked(cell.Retried.Numbers))
			}
		}
		text.WriteString("\n")
	}
	text.WriteString("\n")
}

// seeds says how many there are.
func (c *Callers) seeds() string { return plural(int(c.Last-c.First+1), "seed", "seeds") }

// told are the rows without the sides that are the only one of their fault and phase: those say what the row of all does.
func (c *Callers) told() []CallersRow {
	type part struct{ fault, phase string }
	count := map[part]int{}
	for _, row := range c.Rows {
		count[part{row.Fault, row.Phase}]++
	}
	var rows []CallersRow
	for _, row := range c.Rows {
		if row.Side == "" || count[part{row.Fault, row.Phase}] > 2 {
			rows = append(rows, row)
		}
	}
	return rows
}

func (c *Callers) head(text *strings.Builder, phase string) {
	fmt.Fprintf(text, "\n| %s |", marked(phase))
	for _, column := range c.Columns {
		fmt.Fprintf(text, " %s |", marked(column.title()))
	}
	text.WriteString("\n|---|" + strings.Repeat("---:|", len(c.Columns)) + "\n")
}

// title is the system, and how it is used.
func (c CallersColumn) title() string {
	if c.Cached {
		return name(c.System) + ", cache"
	}
	return name(c.System)
}

func (r *CallersRow) title() string { return strings.TrimSuffix(name(r.Fault)+", "+name(r.Side), ", ") }

func (r *CallersRow) write(text *strings.Builder, shown func(*CallersCell) string) {
	fmt.Fprintf(text, "| %s |", marked(r.title()))
	for i := range r.Cells {
		if r.Cells[i].Calls == 0 {
			text.WriteString(" – |")
		} else {
			text.WriteString(" " + shown(&r.Cells[i]) + " |")
		}
	}
	text.WriteString("\n")
}

// best is the highest share of a row in whole percent, -1 if all are alike.
func (r *CallersRow) best() int {
	best, worst := -1, 101
	for _, cell := range r.Cells {
		if cell.Calls > 0 {
			best, worst = max(best, cell.percent(cell.Retried)), min(worst, cell.percent(cell.Retried))
		}
	}
	if best <= worst {
		return -1
	}
	return best
}

// percent is a part of all calls in whole percent.
func (c *CallersCell) percent(part int) int {
	return int(math.Round(100 * float64(part) / float64(c.Calls)))
}

func (c *CallersCell) text(best int) string {
	if c.percent(c.Retried) == best {
		return fmt.Sprintf("**%d / %d**", c.percent(c.Reached), best)
	}
	return fmt.Sprintf("%d / %d", c.percent(c.Reached), c.percent(c.Retried))
}

// spread is the worst seed and the best, with a retry, in percent.
func (c *CallersCell) spread() string {
	least, most := c.limits(retried)
	return fmt.Sprintf("%.0f–%.0f", 100*least, 100*most)
}

// reached and retried are what a seed gave at the first address, and with a retry.
func reached(s CallersSeed) float64 { return s.Reached }
func retried(s CallersSeed) float64 { return s.Retried }

// sorted are the shares of all seeds, the least first.
func (c *CallersCell) sorted(of func(CallersSeed) float64) []float64 {
	var all []float64
	for _, seed := range c.Seeds {
		all = append(all, of(seed))
	}
	slices.Sort(all)
	return all
}

// median is the share that half of the seeds have at most; 0 if there are none.
func (c *CallersCell) median(of func(CallersSeed) float64) float64 {
	all := c.sorted(of)
	if len(all) == 0 {
		return 0
	}
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
}

// limits are the shares of the worst seed and of the best.
func (c *CallersCell) limits(of func(CallersSeed) float64) (least, most float64) {
	if all := c.sorted(of); len(all) > 0 {
		return all[0], all[len(all)-1]
	}
	return 0, 0
}
