package reports

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"cleave/checker"
)

// divergence sets the runs of one schedule in two worlds side by side: what differs first, then all.
type divergence struct {
	Lead, Rule string
	Parts      []divergencePart
	Cut        string
}

// divergencePart is one system under one workload in two worlds.
type divergencePart struct {
	Title, Text string
	Worlds      [2]string // where, in words
	Differing   []divergingRow
	All         []divergingRow
	Cut         string
	AllCut      string
}

// divergingRow is a promise or a measure in both worlds.
type divergingRow struct {
	Fault, Label string
	First        bool // the first row of its fault in its table
	Values       [2]value
	Difference   string
	Differs      bool
	Lone         bool // known in one world only
}

// limits are what two numbers may differ by and still be alike.
type limits struct {
	points       float64 // of ratios, 1 being all
	factor       float64 // of lengths of time and of counts,
	milliseconds float64 // and by more than this
	count        float64
}

// worldsApart is for two runs of one schedule. Nothing is known of how much a measure scatters from run to run, so these are
// plain limits and no test of significance.
var worldsApart = limits{points: 0.10, factor: 2, milliseconds: 500, count: 2}

const divergenceRule = "A promise differs if its verdicts do. A measure is marked where it differs by more than what one would put down to " +
	"chance at a glance: shares by more than 10 points; lengths of time by more than a factor of two and by more than 500 ms; counts by more " +
	"than a factor of two and by more than 2. These are plain limits, not a test of significance: each is one run beside one run, and a share " +
	"of few operations differs by that much easily."

// The most that a page shows of divergence.
const (
	mostParts    = 40
	mostPartRows = 120  // differing, of one part
	mostPairRows = 4000 // of all parts together
)

// divergenceOf compares each world with the first one in which a system ran; nil if nothing ran in two.
func divergenceOf(c Comparison) *divergence {
	d := &divergence{Rule: divergenceRule}
	var sum agreement
	room := mostPairRows
	hidden := 0
	for _, workload := range c.Workloads {
		columns := c.columns(workload.Name)
		for i, other := range columns {
			first := columns[firstOf(columns, other)]
			if first == columns[i] {
				continue
			}
			part, found := c.part(workload.Name, first, other)
			sum.add(found)
			switch {
			case found.pairs == 0:
			case len(d.Parts) == mostParts:
				hidden++
			default:
				room = part.bound(room)
				d.Parts = append(d.Parts, part)
			}
		}
	}
	if sum.pairs == 0 {
		return nil
	}
	if hidden > 0 {
		d.Cut = plural(hidden, "further system and workload is", "further systems and workloads are") + " not shown, but counted above."
	}
	d.Lead = plural(sum.pairs, "pair of runs", "pairs of runs") + ", each of one schedule in two worlds. " + sum.words()
	return d
}

// firstOf is the position of the first column of the same system.
func firstOf(columns []column, of column) int {
	for i, column := range columns {
		if column.system == of.system {
			return i
		}
	}
	panic("reports: a column that is not among the columns")
}

// bound cuts the rows, of the list of all by what room the page has left.
func (p *divergencePart) bound(room int) (left int) {
	if extra := len(p.Differing) - mostPartRows; extra > 0 {
		p.Differing = p.Differing[:mostPartRows]
		p.Cut = plural(extra, "further difference is", "further differences are") + " not shown here."
	}
	if extra := len(p.All) - min(room, mostRows); extra > 0 {
		p.All = p.All[:min(room, mostRows)]
		p.AllCut = plural(extra, "further row is", "further rows are") + " not shown; each run's page has its own."
	}
	return room - len(p.All)
}

// agreement counts what is alike in two worlds.
type agreement struct {
	pairs            int // of runs
	promises, broken int // judged in both worlds, and those with two verdicts
	measures, apart  int // known of both worlds, and those that differ
	lone             int // promises and measures known of one of them only
}

func (a *agreement) add(other agreement) {
	a.pairs += other.pairs
	a.promises += other.promises
	a.broken += other.broken
	a.measures += other.measures
	a.apart += other.apart
	a.lone += other.lone
}

// count takes in one row.
func (a *agreement) count(row divergingRow, all, apart *int) {
	switch {
	case row.Lone:
		a.lone++
	case row.Differs:
		*apart++
		fallthrough
	default:
		*all++
	}
}

// words says how much is alike.
func (a agreement) words() string {
	var parts []string
	if a.promises > 0 {
		parts = append(parts, fmt.Sprintf("%s of %s have the same verdict in both worlds",
			counted(a.promises-a.broken), plural(a.promises, "promise", "promises")))
	}
	if a.measures > 0 {
		parts = append(parts, fmt.Sprintf("%s of %s are alike", counted(a.measures-a.apart), plural(a.measures, "measure", "measures")))
	}
	if a.lone > 0 {
		parts = append(parts, plural(a.lone, "more is", "more are")+" known of one of them only")
	}
	if len(parts) == 0 {
		return "Nothing was judged or measured."
	}
	return strings.Join(parts, "; ") + "."
}

// counted is a number, "none" for 0.
func counted(n int) string {
	if n == 0 {
		return "none"
	}
	return thousands(n)
}

// part compares one system under one workload in two worlds, fault by fault.
func (c Comparison) part(workload string, one, other column) (divergencePart, agreement) {
	p := divergencePart{Title: one.Name + ", " + name(workload), Worlds: [2]string{one.Place, other.Place}}
	var sum agreement
	for _, fault := range c.Faults {
		left, right := c.cell(workload, fault.Name, one.system, one.world), c.cell(workload, fault.Name, other.system, other.world)
		if left == nil || right == nil {
			continue
		}
		sum.pairs++
		promises, same := promiseRows(left, right)
		measures := divergingMeasures(numbersOf(left), numbersOf(right))
		sum.promises += same
		for _, row := range promises {
			sum.count(row, &sum.promises, &sum.broken)
		}
		for _, row := range measures {
			sum.count(row, &sum.measures, &sum.apart)
		}
		p.add(name(fault.Name), append(promises, measures...), same)
	}
	p.Text = plural(sum.pairs, "fault", "faults") + ". " + sum.words()
	return p, sum
}

// add takes in the rows of one fault.
func (p *divergencePart) add(fault string, rows []divergingRow, same int) {
	if same > 0 {
		alike := value{Text: "the same verdict", Bar: -1}
		rows = append([]divergingRow{{Label: plural(same, "promise", "promises"), Values: [2]value{alike, alike}, Difference: "none"}}, rows...)
	}
	for _, row := range rows {
		row.Fault = fault
		if row.Differs {
			row.First = len(p.Differing) == 0 || p.Differing[len(p.Differing)-1].Fault != fault
			p.Differing = append(p.Differing, row)
		}
		row.First = len(p.All) == 0 || p.All[len(p.All)-1].Fault != fault
		p.All = append(p.All, row)
	}
}

// promiseRows are the promises whose verdicts differ, and how many have the same. One that was judged in
// one world only, as of a run that never came to its end in the other, differs unless it was kept there.
func promiseRows(left, right *Cell) (rows []divergingRow, same int) {
	type key struct{ checker, promise string }
	verdicts := map[key][2]*checker.Result{}
	var order []key
	for side, results := range [][]checker.Result{left.Promises, right.Promises} {
		for i := range results {
			k := key{results[i].Checker, results[i].Promise}
			both, known := verdicts[k]
			if !known {
				order = append(order, k)
			}
			if both[side] == nil {
				both[side] = &results[i]
			}
			verdicts[k] = both
		}
	}
	for _, k := range order {
		both := verdicts[k]
		if both[0] != nil && both[1] != nil && kept(both[0].Verdict) == kept(both[1].Verdict) {
			same++
			continue
		}
		known := cmp.Or(both[0], both[1])
		row := divergingRow{Differs: true, Difference: "another verdict", Label: promiseWords(*known)}
		if both[0] == nil || both[1] == nil {
			row.Lone, row.Differs, row.Difference = true, known.Verdict != checker.Valid, "in one world only"
		}
		for side, result := range both {
			row.Values[side] = verdictValue(result)
		}
		rows = append(rows, row)
	}
	return rows, same
}

// verdictValue is a verdict with its reason, unless it is a good one.
func verdictValue(result *checker.Result) value {
	if result == nil {
		return value{Text: "not judged", Class: "none", Bar: -1}
	}
	m := ofPromise(*result)
	v := value{Text: m.Icon + " " + m.Word, Class: m.Class, Bar: -1}
	if result.Verdict != checker.Valid {
		v.More = sentence(result.Reason)
	}
	return v
}

// difference says how far the second value is from the first, and whether that is far.
func (l limits) difference(one, other checker.Measure) (words string, far bool) {
	apart := other.Value - one.Value
	low, high := min(one.Value, other.Value), max(one.Value, other.Value)
	many := high > l.factor*low
	sign := "+"
	if apart < 0 {
		sign = "−"
	}
	switch {
	case math.IsNaN(apart) || math.IsInf(apart, 0):
		return "?", false
	case apart == 0:
		return "none", false
	case one.Unit == checker.Ratio:
		return fmt.Sprintf("%s%.1f points", sign, 100*math.Abs(apart)), math.Abs(apart) > l.points
	case one.Unit == checker.Milliseconds:
		words, far = sign+duration(math.Abs(apart)), many && math.Abs(apart) > l.milliseconds
	default:
		words, far = sign+valueWords(checker.Measure{Value: math.Abs(apart)}), many && math.Abs(apart) > l.count
	}
	switch {
	case !many || low <= 0:
	case apart > 0:
		words += fmt.Sprintf(", ×%.3g", high/low)
	default:
		words += fmt.Sprintf(", ÷%.3g", high/low)
	}
	return words, far
}
