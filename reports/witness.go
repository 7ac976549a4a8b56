package reports

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"cleave/checker"
	"cleave/history"
)

// mostWitness is how many operations of a witness are drawn and listed.
const mostWitness = 60

const (
	witnessLeft  = 250.0
	witnessRight = 60.0
)

// newWitnessTime has a stop at every beginning and end of the operations.
func newWitnessTime(operations []history.Operation) warp {
	var stops []history.Time
	for _, operation := range operations {
		stops = append(stops, operation.Invoked)
		if operation.Completed != history.Forever {
			stops = append(stops, operation.Completed)
		}
	}
	return newWarp(stops, witnessLeft, witnessRight, witnessRight/2)
}

// evidence is a witness as it is shown.
type evidence struct {
	ID      string
	Promise string // what it speaks against
	Checker string
	Key     string
	Reason  string
	Lines   []saying
	Order   []string // why there is none, step by step
	Picture *drawing
	Link    string       // porcupine's page
	Moment  template.URL // its time in the run, as the address of a moment; "" without operations
}

// saying is a sentence of a witness, and the node that answered the operation that it is about.
type saying struct{ Text, By string } // By is "" if nobody answered, or the sentence says who did

// evidenceOf shows a result's witness.
func evidenceOf(id string, result checker.Result, windows []window) *evidence {
	witness := result.Witness
	e := &evidence{ID: id, Promise: promiseWords(result), Checker: name(result.Checker), Key: name(witness.Key), Reason: sentence(result.Reason)}
	told := map[int]bool{}
	for i, line := range witness.Explanation {
		if i == mostWitness {
			e.Lines = append(e.Lines, saying{Text: plural(len(witness.Explanation)-i, "further sentence", "further sentences") + " not shown."})
			break
		}
		e.Lines = append(e.Lines, saying{sentence(line), answererOf(line, witness.Operations, told)})
	}
	e.Order = orderLines(witness)
	if len(witness.Operations) > 0 {
		e.Picture = witnessChart(id+"-picture", witness, windows)
		e.Moment = momentOf(witness)
	}
	return e
}

// answererOf is the node that answered the operation that a sentence is about, which counts as told from then on. It is "" if
// the sentence is about no operation of its client, or says itself who answered.
func answererOf(line string, operations []history.Operation, told map[int]bool) string {
	o := about(line, operations, told)
	if o == nil {
		return ""
	}
	told[o.ID] = true
	words := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" ,;:()", r) })
	if o.Node == "" || slices.Contains(words, o.Node) || !slices.Contains(words, o.Client) {
		return ""
	}
	return name(o.Node)
}

// momentOf is where in the run a witness stands: the operation to point at, and the time of all, as the script of the page
// reads it from an address.
func momentOf(witness *checker.Witness) template.URL {
	from, to, id := history.Forever, history.Time(0), contradicting(witness)
	for _, o := range witness.Operations {
		from, to = min(from, o.Invoked), max(to, known(o))
	}
	if id < 0 {
		id = witness.Operations[0].ID
	}
	around := max((to-from)/4, 50_000_000)
	return template.URL(fmt.Sprintf("#op=%d&from=%.3f&to=%.3f", id, max(from-around, 0).Seconds(), (to + around).Seconds()))
}

// witnessChart draws the operations of a witness, a row each, by client.
func witnessChart(id string, witness *checker.Witness, windows []window) *drawing {
	const rowHeight, top = 40.0, 8.0
	shown := slices.Clone(witness.Operations[:min(len(witness.Operations), mostWitness)])
	times, culprit := newWitnessTime(shown), contradicting(witness)
	slices.SortStableFunc(shown, func(a, b history.Operation) int {
		return cmp.Or(compareNames(a.Client, b.Client), cmp.Compare(a.Invoked, b.Invoked), cmp.Compare(a.ID, b.ID))
	})
	height := top + rowHeight*float64(len(shown)) + 6
	d := &drawing{ID: id, Title: "The operations that contradict it", Width: chartWidth, Height: height + 8,
		Desc: "One bar for each operation, from when it was asked to when it was answered. The order is exact, distances are not to scale."}
	d.witnessBands(times, windows, height)
	for _, at := range times.at {
		d.line("guide", at, 0, 0, height)
	}
	for i, operation := range shown {
		y := top + rowHeight*float64(i)
		if i == 0 || shown[i-1].Client != operation.Client {
			d.line("base", 0, y-4, chartWidth, 0)
			d.text("heading", "start", 4, y+18, clean(operation.Client, 10))
		}
		d.bar(times, operation, y, rowHeight, culprit == operation.ID)
	}
	d.orderArrows(times, witness.Order, shown, func(row int) float64 { return top + rowHeight*float64(row) + 17 })
	d.line("base", 0, height, chartWidth, 0)
	if extra := len(witness.Operations) - len(shown); extra > 0 {
		d.Notes = append(d.Notes, plural(extra, "further operation is", "further operations are")+" not drawn.")
	}
	d.Table = witnessTable(shown)
	return d
}

func (d *drawing) witnessBands(times warp, windows []window, height float64) {
	drawn := 0
	for _, w := range windows {
		if w.harmless() {
			continue
		}
		for _, on := range w.on {
			from, to := times.x(on.from), times.x(on.to)
			if drawn++; to <= from || drawn > mostBands {
				continue
			}
			d.rect("band", from, 0, to-from, height, fmt.Sprintf("%s, %s to %s", name(w.first.Kind), clock(on.from), clock(on.to)))
		}
	}
}

// bar draws one operation. One whose end is unknown fades out to the right: it may still happen.
func (d *drawing) bar(times warp, o history.Operation, y, height float64, culprit bool) {
	class := "op-" + outcomeWord(o.Outcome)
	if culprit {
		class += " op-culprit"
	}
	from, to, when := times.x(o.Invoked), chartWidth-4.0, fmt.Sprintf("%.3f s to ?", o.Invoked.Seconds())
	if o.Completed != history.Forever {
		to, when = times.x(o.Completed), fmt.Sprintf("%.3f to %.3f s", o.Invoked.Seconds(), o.Completed.Seconds())
	}
	d.text("op-label", "start", 60, y+16, clip(label(o), 24))
	d.text("label", "start", 60, y+31, when)
	d.rect(class, from, y+7, max(to-from, 3), height-20, sentence(o.String()))
	d.line("op-end", from, y+4, 0, height-14)
	if o.Completed != history.Forever {
		d.line("op-end", max(to, from+3), y+4, 0, height-14)
		return
	}
	d.text("op-open", "end", chartWidth-10, y+21, "end unknown →")
}

// outcomeWord is the outcome; one that is none of the three is as little known as info.
func outcomeWord(outcome history.Outcome) string {
	if rank(outcomes, outcome) < len(outcomes) {
		return string(outcome)
	}
	return string(history.Info)
}

// label is an operation in a few words: "write 7", "read → 5".
func label(o history.Operation) string {
	if o.Function == history.Txn {
		return fmt.Sprintf("T%d: %d steps", o.ID, steps(o))
	}
	words := string(o.Function)
	if !o.Argument.IsNothing() {
		words += " " + clean(o.Argument.String(), 12)
	}
	switch {
	case o.Outcome == history.Ok && (!o.Function.Mutates() || !o.Result.IsNothing()):
		words += " → " + o.Result.String()
	case o.Outcome == history.Fail:
		words += " failed"
	}
	return words
}

// steps is of how many micro-operations a transaction is made.
func steps(o history.Operation) int {
	list, _ := o.Argument.AsList()
	return len(list)
}

// contradicting is the operation to point at. Explanations tell a sentence for each operation, and
// at the one that contradicts the others "but" and why. Without that it is the last answer in real
// time. -1 if nothing was answered.
func contradicting(witness *checker.Witness) int {
	last, id := history.Time(-1), -1
	for i, operation := range witness.Operations {
		if len(witness.Explanation) >= len(witness.Operations) && strings.Contains(witness.Explanation[i], ", but ") {
			return operation.ID
		}
		if operation.Outcome == history.Ok && !operation.Function.Mutates() && operation.Completed > last {
			last, id = operation.Completed, operation.ID
		}
	}
	return id
}

func witnessTable(operations []history.Operation) table {
	t := table{Caption: "The operations of the picture", Head: []string{"operation", "client", "what", "key", "asked", "answered", "outcome", "by"}}
	for _, o := range operations {
		outcome := outcomeWord(o.Outcome)
		if o.Error != "" {
			outcome += " (" + name(o.Error) + ")"
		}
		end := clock(o.Completed)
		if o.Completed == history.Forever {
			end = "unknown"
		}
		t.add(fmt.Sprintf("#%d", o.ID), name(o.Client), name(label(o)), name(o.Key), clock(o.Invoked), end, outcome, name(o.Node))
	}
	return t
}

// compareNames orders c2 before c10.
func compareNames(a, b string) int {
	prefixA, prefixB := strings.TrimRight(a, "0123456789"), strings.TrimRight(b, "0123456789")
	if prefixA == prefixB && len(a) != len(b) {
		return cmp.Compare(len(a), len(b))
	}
	return strings.Compare(a, b)
}
