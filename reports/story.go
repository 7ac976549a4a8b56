package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cleave/checker"
	"cleave/history"
)

// Story is an account of how a small run broke a promise: numbered sentences, and the messages for a
// space-time diagram. It is story.json in a run folder.
type Story struct {
	Title     string    `json:"title"`
	Sentences []string  `json:"sentences"` // at most a page
	Passages  []Passage `json:"passages"`  // of the window that the story is about, in order of sending

	Operations []history.Operation `json:"operations"` // that contradict each other
	Culprit    int                 `json:"culprit"`    // ID of the operation to point at, -1 for none
	From       history.Time        `json:"from"`       // the window
	To         history.Time        `json:"to"`

	Excerpt bool `json:"excerpt,omitempty"` // it is NewExcerpt's
}

// Passage is a message on its way from one process to another.
type Passage struct {
	From  string       `json:"from"`
	To    string       `json:"to"`
	Types []string     `json:"types,omitempty"` // what it carries, such as "append"
	Sent  history.Time `json:"sent"`
	Ended history.Time `json:"ended"` // when it arrived, or was lost
	Lost  bool         `json:"lost,omitempty"`
}

// mostSentences is how many sentences a story has at most: a page.
const mostSentences = 24

// NewStory tells how a run came to break a promise. passages are all messages of the run, in any order. It
// tells the same of the same.
func NewStory(h *history.History, result checker.Result, passages []Passage) Story {
	t := &teller{history: h, result: result, windows: windowsOf(h), passages: slices.Clone(passages)}
	slices.SortStableFunc(t.passages, func(a, b Passage) int { return cmp.Compare(a.Sent, b.Sent) })
	s := Story{Title: "How this was broken: " + promiseWords(result), Culprit: -1}
	if result.Witness != nil {
		s.Operations, s.Culprit = result.Witness.Operations, contradicting(result.Witness)
	}
	s.From, s.To = t.window()
	t.from, t.to = s.From, s.To
	t.cast()
	t.notes()
	t.choruses()
	t.faults()
	t.operations()
	s.Sentences = t.sentences()
	s.Passages = t.within(s.From, s.To)
	return s
}

// teller is a story being told.
type teller struct {
	history  *history.History
	result   checker.Result
	windows  []window
	passages []Passage
	first    string
	said     []said
	from, to history.Time
}

// said is a sentence, when it belongs, and how little it would be missed.
type said struct {
	at     history.Time
	text   string
	weight int // the lowest is left out first
}

const (
	aside  = iota // what nodes say of themselves
	change        // a fault goes on or off, who leads
	act           // faults begin and end, operations
)

func (t *teller) say(at history.Time, weight int, format string, values ...any) {
	t.said = append(t.said, said{at, fmt.Sprintf(format, values...), weight})
}

// sentences are all in order of time; what is too much for a page is left out, the least first.
func (t *teller) sentences() []string {
	slices.SortStableFunc(t.said, func(a, b said) int { return cmp.Compare(a.at, b.at) })
	room, left := mostSentences-3, 0
	for weight := aside; weight < act && len(t.said) > room; weight++ {
		for i := len(t.said) - 1; i >= 0 && len(t.said) > room; i-- {
			if t.said[i].weight == weight {
				t.said = slices.Delete(t.said, i, i+1)
				left++
			}
		}
	}
	all := []string{t.first}
	for i, one := range t.said {
		if i == room {
			left += len(t.said) - room
			break
		}
		all = append(all, sentence(one.text))
	}
	if left > 0 {
		all = append(all, plural(left, "lesser event is", "lesser events are")+" left out.")
	}
	return append(all, t.moral())
}

// moral says why this breaks the promise.
func (t *teller) moral() string {
	return "So " + full(t.result.Reason) + " The promise “" + promiseWords(t.result) + "” is broken."
}

// window is the time that the story is about: from a little before the first fault or operation of the
// witness to a little after the last operation.
func (t *teller) window() (from, to history.Time) {
	from, to = t.history.End(), 0
	if t.result.Witness != nil {
		for _, o := range t.result.Witness.Operations {
			from, to = min(from, o.Invoked), max(to, known(o))
		}
	}
	if to == 0 {
		to = t.history.End()
	}
	for _, w := range t.windows {
		if !w.harmless() && w.start <= to {
			from = min(from, w.start)
		}
	}
	const around = history.Time(5e6)
	return max(from-around, 0), to + around
}

// known is when a client knew the end of an operation, or gave up.
func known(o history.Operation) history.Time {
	switch {
	case o.Completed != history.Forever:
		return o.Completed
	case o.GaveUp != history.Forever:
		return o.GaveUp
	}
	return o.Invoked
}

// cast says who there is.
func (t *teller) cast() {
	run := t.history.Run
	text := fmt.Sprintf("There are %d nodes of %s, %s", len(run.Nodes), name(run.System), t.list(run.Nodes, 9))
	if len(run.Nodes) == 1 {
		text = fmt.Sprintf("There is one node of %s, %s", name(run.System), t.list(run.Nodes, 1))
	}
	var clients []string
	for _, place := range run.Clients {
		if slices.ContainsFunc(t.history.Operations, func(o history.Operation) bool { return o.Client == place.Client }) {
			clients = append(clients, fmt.Sprintf("%s (beside %s)", name(place.Client), name(place.Host)))
		}
	}
	if len(clients) > 0 {
		text += "; what is asked for is asked by " + t.list(clients, 8)
	}
	t.first = fmt.Sprintf("%s: %s in all.", text, plural(len(t.history.Operations), "operation", "operations"))
}

// list joins names with commas, a few of them.
func (t *teller) list(names []string, most int) string {
	if extra := len(names) - most; extra > 0 {
		names = append(slices.Clone(names[:most]), fmt.Sprintf("%d more", extra))
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// within are the messages that were under way in a window.
func (t *teller) within(from, to history.Time) []Passage {
	var some []Passage
	for _, p := range t.passages {
		if p.Ended >= from && p.Sent <= to {
			some = append(some, p)
		}
	}
	return boundPassages(some)
}

// mostPassages is how many messages a story keeps; heartbeats, of which there are most, go first.
const mostPassages = 400

func boundPassages(all []Passage) []Passage {
	if len(all) > mostPassages && named(all) {
		all = slices.DeleteFunc(all, Passage.idle)
	}
	return all[:min(len(all), mostPassages)]
}

// named tells whether anybody has said what messages carry: else nobody knows which of them are idle.
func named(passages []Passage) bool {
	return slices.ContainsFunc(passages, func(p Passage) bool { return len(p.Types) > 0 })
}

// idle tells whether a message says no more than that its sender lives, of a system whose messages are named.
func (p Passage) idle() bool {
	for _, kind := range p.Types {
		if !strings.Contains(kind, "heartbeat") && !strings.Contains(kind, "ping") && !strings.Contains(kind, "sessions heard of") {
			return false
		}
	}
	return true
}
