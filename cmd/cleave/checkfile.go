package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"cleave/checker"
	"cleave/checker/verify"
	"cleave/harness"
	"cleave/history/foreign"
	"cleave/reports"
)

// The bounds of a check of a file, unless others are given.
const (
	defaultCheckTime = time.Minute
	defaultMemory    = 2 << 30
)

// question is what a history file is asked, from flags.
type question struct {
	model, consistency string
	explain            bool
	picture            string
	time               time.Duration
	memory             int64
	options            foreign.Options
}

func (q *question) flags(flags *pflag.FlagSet) {
	flags.StringVar(&q.model, "model", "", "the object that the history is about; told by its functions if left out")
	flags.StringVar(&q.consistency, "consistency", "", "what it has to be; the strongest that the model has if left out")
	flags.BoolVar(&q.explain, "explain", false, "tell which algorithm judged what, and why")
	flags.StringVar(&q.picture, "picture", "", "write the operations that contradict each other as an SVG file")
	flags.DurationVar(&q.time, "time", q.time, "wall time that judging may take")
	flags.Var((*amount)(&q.memory), "memory", "memory that judging may take")
	formatFlags(flags, &q.options)
}

// given tells whether a flag asks for more than judging a run folder by its promises.
func (q *question) given(flags *pflag.FlagSet) bool {
	given := false
	flags.Visit(func(flag *pflag.Flag) { given = given || flag.Name != "help" })
	return given
}

// help lists what flags may say.
func (*question) help() string {
	return "Models: " + strings.Join(verify.Models(), ", ") + ".\nConsistencies: " + strings.Join(verify.Consistencies(), ", ") + "."
}

// check judges a history file, or the history of a run folder.
func (q *question) check(s screen, path string) error {
	if err := q.proper(); err != nil {
		return bad(err)
	}
	source, remove, err := sourceOf(path)
	if err != nil {
		return bad(err)
	}
	defer remove()
	defer harness.CollectLess(uint64(q.memory))()
	answer, err := verify.Judge(source, q.options, verify.Question{Model: q.model, Consistency: q.consistency,
		Budget: checker.Budget{Time: q.time, Memory: q.memory}})
	if err != nil {
		return bad(err)
	}
	q.tell(s.out, answer)
	failed := q.draw(s, source.Name, answer)
	fmt.Fprintf(s.out, "%s · %s · %s as a %s\n", answer.Verdict, source.Name, answer.Consistency, answer.Model)
	if failed != nil {
		return broken(failed)
	}
	return judged(answer.Verdict)
}

// leastMemory is what a check cannot do without.
const leastMemory = 16 << 20

// proper tells what is wrong with the flags before anything is read.
func (q *question) proper() error {
	if q.time <= 0 {
		return fmt.Errorf("--time: a time above 0 is wanted, not %s", q.time)
	}
	if q.memory < leastMemory {
		return fmt.Errorf("--memory: %s is too little; 16MiB are the least", (*amount)(&q.memory))
	}
	if q.picture == "" {
		return nil
	}
	folder := filepath.Dir(q.picture)
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return fmt.Errorf("--picture %s: there is no folder %s", q.picture, folder)
	}
	return nil
}

// draw writes the picture that was asked for, if there is anything to draw.
func (q *question) draw(s screen, source string, answer verify.Answer) error {
	switch {
	case q.picture == "":
		return nil
	case answer.Witness == nil:
		fmt.Fprintf(s.err, "cleave: no picture: there are no operations that contradict each other\n")
		return nil
	}
	title := fmt.Sprintf("%s, %s: not %s", source, answer.Model, answer.Consistency)
	return replaceFile(q.picture, func(file io.Writer) error { return reports.WitnessPicture(file, answer.Witness, title) })
}

// tell prints an answer but for its last line.
func (q *question) tell(out io.Writer, answer verify.Answer) {
	told := ""
	if answer.Told != "" {
		told = fmt.Sprintf(" (told by: %s)", answer.Told)
	}
	fmt.Fprintf(out, "%s, %s, model %s%s, judged in %s\n",
		counted(answer.Operations, "operation"), counted(answer.Keys, "key"), answer.Model, told, round(answer.Took))
	if answer.Untimed {
		fmt.Fprintln(out, "only the order of the lines counts: a place in it is shown as a millisecond")
	}
	if q.explain {
		q.methods(out, answer)
	}
	fmt.Fprintf(out, "%s\n", reports.Plain(answer.Reason))
	if witness := answer.Witness; witness != nil {
		for i, line := range witness.Explanation {
			fmt.Fprintf(out, "  %2d. %s\n", i+1, reports.Plain(line))
		}
		for _, line := range reports.Bars(witness) {
			fmt.Fprintf(out, "  %s\n", line)
		}
		for i, line := range reports.WitnessOrder(witness) {
			fmt.Fprintf(out, "  (%d) %s\n", i+1, line)
		}
	}
	if answer.Strongest != "" {
		fmt.Fprintf(out, "what holds: %s\n", answer.Strongest)
	}
}

// mostMethods is how many keys are explained.
const mostMethods = 20

// methods tells how each key was judged.
func (q *question) methods(out io.Writer, answer verify.Answer) {
	if answer.Passes > 1 {
		fmt.Fprintf(out, "  read in %d passes, so that each fits into %s\n", answer.Passes, (*amount)(&q.memory))
	}
	for i, method := range answer.Methods {
		if i == mostMethods {
			fmt.Fprintf(out, "  and %d keys more\n", len(answer.Methods)-i)
			break
		}
		where := "all keys"
		if method.Key != "" {
			where = fmt.Sprintf("key %.40q", method.Key)
		} else if answer.Keys == 1 {
			where = "the one key"
		}
		fmt.Fprintf(out, "  %s, %d operations: %s by %s, since %s; %s\n",
			where, method.Operations, method.Verdict, method.Algorithm, method.Why, round(method.Took))
	}
}

// round keeps three digits or so of a duration.
func round(took time.Duration) time.Duration {
	for unit := time.Second; unit > time.Microsecond; unit /= 10 {
		if took > unit {
			return took.Round(unit / 100)
		}
	}
	return took.Round(time.Microsecond)
}

// sourceOf is a history that can be read again and again: standard input is kept in a file meanwhile, which remove
// removes.
func sourceOf(path string) (source verify.Source, remove func(), err error) {
	input, name, err := openHistory(path)
	if err != nil {
		return source, nil, err
	}
	defer input.Close() // only read
	file, remove := name, func() {}
	if path == "-" {
		kept, err := os.CreateTemp("", "cleave-*")
		if err != nil {
			return source, nil, err
		}
		remove = func() { _ = os.Remove(kept.Name()) }
		_, err = io.Copy(kept, input)
		if closed := kept.Close(); err == nil {
			err = closed
		}
		if err != nil {
			remove()
			return source, nil, err
		}
		file = kept.Name()
	}
	info, err := os.Stat(file)
	if err != nil {
		remove()
		return source, nil, err
	}
	return verify.Source{Name: name, Size: info.Size(), Open: func() (io.ReadCloser, error) { return os.Open(file) }}, remove, nil
}
