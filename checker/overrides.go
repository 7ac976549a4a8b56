package checker

import (
	"fmt"
	"slices"
	"time"

	"cleave/history"
)

// Overrides judges whether an operator's word on the status of an instance stands: from Notice after an
// acknowledged set-status, until the next word on the instance or its end, no list shows the
// instance (all do, if the status is UP) and its status is the one that was set; after a clear-status it
// is UP and listed. Neither heartbeats nor registrations of the instance undo that.
//
//	op  set-status a OUT_OF_SERVICE |--| by n1
//	c2 from n2                         |... Notice ...|--lookup--| [a b]       invalid
//
// Always judged is a node that the one which took the word can tell of it, and which hears the heartbeats
// of the instance, as long as nobody's reach has changed since Notice before the word. If Through, what such
// a node was told is to stand besides in the end, when all is healed: in answers that were asked for Settle
// or more after the quiet phase began. So is, if Stamped, a status that was set while the node was out of
// reach, unless the instance registered again since: the stamp of the word is then not the latest. What is
// cleared out of a node's reach is lost, as nothing there remembers it; and so it may be if it is not cleared
// at the node beside the instance: that one may just be telling others of a heartbeat, with the override.
//
// After a word of unknown outcome, which may yet come to be heard, none is judged before all has been
// healed for Notice. A node that was killed since a word is left out.
//
// Measured: "overrides", words that were judged; "lost overrides", words which some node out of reach
// contradicts in the end.
type Overrides struct {
	Notice  time.Duration
	Settle  time.Duration
	Through bool // the faults are such that a registry keeps through them what it knows
	Stamped bool // operators' words carry a stamp, by which nodes out of reach learn of them from heartbeats
}

// Name is "overrides".
func (Overrides) Name() string { return "overrides" }

// Check judges. It is Unknown if no word was judged.
func (o Overrides) Check(h *history.History, budget Budget) Result {
	protection, err := protectionOf(h)
	if err != nil {
		return Result{Verdict: Unknown, Reason: err.Error()}
	}
	quiet, isQuiet := h.PhaseStart(history.Quiet)
	if !isQuiet {
		quiet = history.Forever
	}
	trial := overrideTrial{Overrides: o, sides: budget.Facts.sidesOf(h), protection: protection, quiet: quiet, hosts: map[string]string{}}
	for _, place := range h.Run.Clients {
		trial.hosts[place.Client] = place.Host
	}
	registry, told := budget.Facts.registryOf(h), budget.Facts.testimoniesOf(h)
	judged, lost := 0, 0
	calm := quiet
	if isQuiet {
		calm += history.Time(o.Notice)
	}
	for _, instance := range overriddenIn(h) {
		answers := told.of(instance)
		for _, word := range wordsOn(h, &registry, instance, calm) {
			heard, astray := false, false
			for i := range answers {
				switch trial.weigh(&word, &answers[i]) {
				case mustAgree:
					heard = true
					if !word.agrees(&answers[i]) {
						return word.undone(&answers[i], o.Notice)
					}
				case mayDiffer:
					astray = astray || !word.agrees(&answers[i])
				}
			}
			if heard {
				judged++
			}
			if astray {
				lost++
			}
		}
	}
	if judged == 0 {
		return Result{Verdict: Unknown, Reason: "of no operator's word was a node asked that must have heard"}
	}
	return Result{Verdict: Valid, Reason: fmt.Sprintf("%s of operators stood; %d were lost to a node out of reach", counted(judged, "word"), lost),
		Measures: []Measure{cell{}.measure("overrides", float64(judged), Count), cell{}.measure("lost overrides", float64(lost), Count)}}
}

// word is an acknowledged set-status or clear-status, and until when it is the last on its instance.
type word struct {
	history.Operation
	want   string       // the status that it leaves
	owner  string       // the client that keeps the instance up
	until  history.Time // the next word, or the instance's end, or a new life
	joined history.Time // the last time that the instance asked to register before that
}

// wordsOn are the words on an instance that can be judged: not those after one of unknown outcome, until
// all has been calm for long enough. Those that were refused say nothing.
func wordsOn(h *history.History, registry *registry, instance string, calm history.Time) []word {
	var words []word
	murky := false
	for _, operation := range h.ByKey(instance) {
		if operation.Function == history.Register {
			if last := len(words) - 1; last >= 0 && operation.Invoked < words[last].until {
				words[last].joined = operation.Invoked
			}
		}
		if operation.Function != history.SetStatus && operation.Function != history.ClearStatus || operation.Outcome == history.Fail {
			continue
		}
		if last := len(words) - 1; last >= 0 {
			words[last].until = min(words[last].until, operation.Invoked)
		}
		murky = operation.Outcome != history.Ok || murky && operation.Invoked < calm
		current, next := registry.lifeAt(instance, operation.Invoked)
		if murky || current == nil || current.ok > operation.Invoked { // it may register later than the word
			continue
		}
		want := "UP"
		if status, isText := operation.Argument.AsText(); isText && operation.Function == history.SetStatus {
			want = status
		}
		words = append(words, word{Operation: operation, want: want, owner: current.register.Client,
			until: min(current.leaving, next), joined: beginning})
	}
	return words
}

// agrees tells whether an answer is what a word leaves.
func (w *word) agrees(answer *testimony) bool {
	if answer.Function == history.Status {
		status, _ := answer.Result.AsText()
		return status == w.want
	}
	return answer.shows(w.Key) == (w.want == "UP")
}

// weight is what an answer can say of a word.
type weight int

const (
	saysNothing weight = iota
	mustAgree
	mayDiffer // in the end, from a node that need not have heard
)

// overrideTrial is what is needed to weigh answers.
type overrideTrial struct {
	Overrides
	sides      *Sides
	protection protection
	quiet      history.Time
	hosts      map[string]string // the node beside each client
}

func (t *overrideTrial) weigh(w *word, answer *testimony) weight {
	notice := history.Time(t.Notice)
	if answer.Invoked < w.Completed+notice || answer.Completed >= w.until || t.protection.killedAfter(answer.Node, w.Invoked, answer.Completed) {
		return saysNothing
	}
	s := t.sides.stretchAt(w.Invoked)
	told := w.Invoked >= max(s.from, 0)+notice && w.Completed+notice < s.until && s.reach.joins(w.Node, answer.Node) &&
		(w.Function == history.SetStatus || w.Node == t.hosts[w.owner])
	final := answer.Invoked >= t.quiet && answer.Invoked-t.quiet >= max(history.Time(t.Settle), notice)
	switch {
	case told && answer.Completed < s.until && t.tended(s, w.owner, answer.Node):
		return mustAgree
	case !final:
		return saysNothing
	case t.Through && (told || t.Stamped && w.Function == history.SetStatus && w.joined == beginning):
		return mustAgree
	}
	return mayDiffer
}

// tended tells whether a node hears the heartbeats of a client in a stretch: from the node beside it, which
// the client reaches.
func (t *overrideTrial) tended(s *stretch, client, node string) bool {
	host := t.hosts[client]
	at := slices.Index(s.reach.nodes, host)
	return at >= 0 && s.reach.clients[client][at] && s.reach.joins(host, node)
}

func (w *word) undone(answer *testimony, notice time.Duration) Result {
	said := "set it to " + w.want
	if w.Function == history.ClearStatus {
		said = "took the override of it back"
	}
	return Result{Verdict: Invalid, Reason: fmt.Sprintf("%s shows %s otherwise than an operator said", answer.Node, w.Key),
		Witness: &Witness{Key: w.Key, Operations: []history.Operation{w.Operation, *answer.Operation}, Explanation: []string{
			fmt.Sprintf("%s %s at %s, acknowledged by %s, and nobody said otherwise since", w.Client, said, during(w.Operation), w.Node),
			fmt.Sprintf("%s showed %s %s at %s, more than the %s allowed after that", answer.Node, answer.Client, answer.said(),
				during(*answer.Operation), brief(notice)),
		}}}
}
