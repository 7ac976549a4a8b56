package reports

import (
	"fmt"
	"io"
	"math"
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
	Cached bool // consumers look into their caches alone, and never ask a server
}

// CallersRow is what happened under a fault, to the callers of a side ("" for all) in a phase.
type CallersRow struct {
	Fault, Side, Phase string
	Cells              []CallersCell // of the columns, in order
}

// CallersCell counts calls over all seeds.
type CallersCell struct {
	Calls, Reached, Retried int     // all; those that reached a live instance at the first address; and with one retry
	Possible                int     // those at which a live instance was within reach
	Least, Most             float64 // part that reached one with a retry, in the worst seed and in the best
}

// MarkdownCallers writes a table for each phase, in the order of the rows: of each cell the part of all calls, in percent, that
// reached a live instance at the first address, and with a retry. The best of a row stand out. The spread over the seeds
// follows, of the phase of faults. It errors only if out does.
func MarkdownCallers(out io.Writer, callers Callers) error {
	var text strings.Builder
	fmt.Fprintf(&text, "Calls that reached a live instance: %% at the first address / with a retry at the next; %d seeds, mean.\n",
		callers.Last-callers.First+1)
	phase := ""
	for i, row := range callers.Rows {
		if i == 0 || row.Phase != phase {
			phase = row.Phase
			callers.head(&text, phase)
		}
		row.write(&text, func(cell *CallersCell) string { return cell.text(row.best()) })
	}
	callers.head(&text, "faults, with a retry: the worst seed and the best")
	for _, row := range callers.Rows {
		if row.Phase == amid {
			row.write(&text, (*CallersCell).spread)
		}
	}
	fmt.Fprintf(&text, "\nMade by `%s`.\n", strings.ReplaceAll(callers.Command, "`", "'"))
	_, err := io.WriteString(out, text.String())
	return err
}

func (c *Callers) head(text *strings.Builder, phase string) {
	fmt.Fprintf(text, "\n| %s |", marked(phase))
	for _, column := range c.Columns {
		name := column.System
		if column.Cached {
			name += ", cache"
		}
		fmt.Fprintf(text, " %s |", marked(name))
	}
	text.WriteString("\n|---|" + strings.Repeat("---:|", len(c.Columns)) + "\n")
}

// amid is the phase of faults.
const amid = string(history.Faults)

func (r *CallersRow) write(text *strings.Builder, shown func(*CallersCell) string) {
	fmt.Fprintf(text, "| %s |", marked(strings.TrimSuffix(r.Fault+", "+r.Side, ", ")))
	for i := range r.Cells {
		if r.Cells[i].Calls == 0 {
			text.WriteString(" – |")
		} else {
			text.WriteString(" " + shown(&r.Cells[i]) + " |")
		}
	}
	text.WriteString("\n")
}

func (c *CallersCell) spread() string { return fmt.Sprintf("%.0f–%.0f", 100*c.Least, 100*c.Most) }

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
