package sweep

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// width is how many columns the summary takes at most; only commands to copy may be longer.
const width = 80

// Summary writes what there is to say of a sweep, for a terminal: at most 80 columns.
func (r *Record) Summary(w io.Writer, folder string) error {
	page := &lines{}
	page.add("%s runs of %s under %s with faults %s, seeds %s-%s", thousands(r.Runs()), r.Plan.System, r.Plan.Workload, r.Plan.Faults,
		thousands(r.First), thousands(r.Last))
	page.add("  %s valid · %s unknown · %s invalid · %s came to nothing", thousands(r.Valid), thousands(r.Unknown),
		thousands(r.Invalid), thousands(r.Broken))
	if r.Runaway > 0 {
		page.add("  of these %s ran away: ended early, for too many events or too much time", thousands(r.Runaway))
	}
	page.add("  %s seeds/s · %s events · audited twice: %s, differing: %d", rate(r.Runs(), r.Times.Seconds), thousands(r.Events),
		thousands(r.Audited), len(r.Diverged))
	page.groups("broken promises", r.Violations, func(seed uint64) string {
		line, there := r.again(folder, seed)
		if !there {
			return fmt.Sprintf("     %s is not there any more; made anew by\n     %s\n", filepath.Join(runsFolder, fmt.Sprint(seed)), line)
		}
		return "     " + line + "\n"
	})
	page.groups("unknown because", r.Doubts, nil)
	page.groups("came to nothing because", r.Failures, nil)
	page.states(r.States)
	page.coverage(r.Situations)
	_, err := io.WriteString(w, page.String())
	return err
}

// lines gathers lines that fit.
type lines struct{ strings.Builder }

func (l *lines) add(format string, values ...any) {
	l.WriteString(fit(fmt.Sprintf(format, values...), width) + "\n")
}

// fit cuts a text to a number of columns.
func fit(text string, columns int) string {
	if utf8.RuneCountInString(text) <= columns {
		return text
	}
	return string([]rune(text)[:columns-1]) + "…"
}

// groups writes what groups have, with the lines that again gives for the runs that were kept.
func (l *lines) groups(title string, groups []Group, again func(seed uint64) string) {
	if len(groups) == 0 {
		return
	}
	l.add("%s", title)
	for _, group := range groups {
		l.add("  %s · %s: %s", runs(group.Runs), group.Checker, group.Kind)
		if group.Promise != "" {
			l.add("     promised: %s", group.Promise)
		}
		l.add("     seeds %s", seedsOf(group))
		for _, seed := range group.Kept {
			l.WriteString(again(seed))
		}
	}
}

func seedsOf(group Group) string {
	var words []string
	for _, seed := range group.Seeds {
		words = append(words, strconv.FormatUint(seed, 10))
	}
	if group.Runs > len(group.Seeds) {
		words = append(words, "…")
	}
	return strings.Join(words, " ")
}

func (l *lines) states(states []State) {
	if len(states) == 0 {
		return
	}
	l.add("%-52s %8s %10s %6s", "states reached", "in runs", "times", "most")
	for _, state := range byRuns(states) {
		l.add("  %-50s %8s %10s %6s", fit(state.Name, 50), thousands(state.Runs), thousands(state.Count), thousands(state.Most))
	}
}

// byRuns are states, those of the most runs first.
func byRuns(states []State) []State {
	sorted := slices.Clone(states)
	slices.SortStableFunc(sorted, func(a, b State) int { return b.Runs - a.Runs })
	return sorted
}

func (l *lines) coverage(situations []Situation) {
	if len(situations) == 0 {
		return
	}
	l.add("%-40s %12s %9s %9s", fmt.Sprintf("coverage: %s situations", thousands(len(situations))), "situations", "phases", "messages")
	for _, kind := range kindsOf(situations) {
		l.add("  %-38s %12s %9d %9d", fit(kind.fault, 38), thousands(kind.situations), len(kind.phases), len(kind.messages))
	}
}

// covered is what faults of one kind have met.
type covered struct {
	fault                   string
	situations              int
	roles, phases, messages []string
}

// kindsOf sums situations up by the kind of fault. They are sorted by it.
func kindsOf(situations []Situation) []covered {
	var all []covered
	for _, one := range situations {
		if len(all) == 0 || all[len(all)-1].fault != one.Fault {
			all = append(all, covered{fault: one.Fault})
		}
		c := &all[len(all)-1]
		c.situations++
		c.roles, c.phases, c.messages = with(c.roles, one.Role), with(c.phases, one.Phase), with(c.messages, one.Message)
	}
	return all
}

func with(list []string, word string) []string {
	if slices.Contains(list, word) {
		return list
	}
	return append(list, word)
}

// thousands writes a number as 12,345.
func thousands[T int | uint64](number T) string {
	text := fmt.Sprint(number)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

func rate(count int, seconds float64) string {
	if seconds <= 0 {
		return "-"
	}
	return fmt.Sprintf("%.3g", float64(count)/seconds)
}
