package reports

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cleave/checker"
	"cleave/history"
)

// notes tells what nodes say of themselves: who leads, who started, who broke down.
func (t *teller) notes() {
	var before *history.Event // the last leader of before the window
	from, _ := t.window()
	for _, event := range t.history.Notes() {
		note := event.Note
		who, detail := name(note.Node), ""
		if note.Detail != "" {
			detail = " (" + clean(note.Detail, 80) + ")"
		}
		switch {
		case event.Time > t.to:
		case note.Kind == "leader" && event.Time < from:
			before = &event
		case note.Kind == "leader":
			t.say(event.Time, change, "At %s %s becomes the leader%s.", clock(event.Time), who, detail)
		case note.Kind == "panic" && t.result.Checker == (checker.NoPanic{}).Name(): // the witness tells it
		case sung[note.Kind]: // choruses tells it
		case event.Time >= from && told(note) != "":
			t.say(event.Time, aside, "At %s %s %s.", clock(event.Time), who, told(note))
		case note.Kind == "panic", note.Kind == "halt", note.Kind == "exit", note.Kind == "no-space", note.Kind == "runaway":
			t.say(event.Time, act, "At %s %s: %s%s.", clock(event.Time), who, name(note.Kind), detail)
		case event.Time >= from && note.Kind != "connected" && note.Kind != "disconnected" && note.Kind != "event":
			t.say(event.Time, aside, "At %s %s%s%s.", clock(event.Time), who, does(note.Kind), detail)
		}
	}
	if before != nil {
		t.say(before.Time, act, "%s leads from %s on (%s).", name(before.Note.Node), clock(before.Time), clean(before.Note.Detail, 80))
	}
}

// told is what a client of a recipe says of what it has, in words; "" if a note is about something else.
func told(note *history.Note) string {
	what := clean(note.Detail, 80)
	switch note.Kind {
	case "holds":
		return "holds " + what + ", as far as it knows"
	case "yields":
		return "holds " + what + " no more"
	case "woken":
		return "is woken by a change of " + what
	}
	return ""
}

// does is what a note says its node does.
func does(kind string) string {
	if kind == "expired" {
		return "'s session ends"
	}
	return ": " + name(kind)
}

// faults tells what each fault did, and which messages it cost.
func (t *teller) faults() {
	for _, event := range t.history.Faults() {
		f := event.Fault
		if f.Kind == "none" || event.Time > t.to {
			continue
		}
		detail := strings.TrimPrefix(strings.TrimPrefix(sentence(f.Detail), "over: "), "off for a while: ")
		switch f.Stage {
		case history.FaultStart:
			t.say(event.Time, act, "At %s a fault begins, %s: %s%s.%s", clock(event.Time), name(f.Kind), detail, groups(f.Groups), quorumWords(f))
		case history.FaultEnd:
			t.say(event.Time, act, "At %s the fault %s is over%s.", clock(event.Time), t.which(f), t.cost(f.ID))
		default:
			if strings.HasPrefix(f.Detail, "off") {
				t.say(event.Time, change, "At %s the fault %s is off for a while.", clock(event.Time), t.which(f))
				continue
			}
			t.say(event.Time, change, "At %s the fault %s goes on: %s%s.", clock(event.Time), t.which(f), detail, groups(f.Groups))
		}
	}
	for _, w := range t.windows {
		if !w.harmless() && w.end > t.to && w.start <= t.to {
			if cost := t.cost(w.first.ID); cost != "" {
				t.say(t.to, change, "The fault %s is still in force%s.", t.which(&w.first), cost)
			}
		}
	}
}

// which names a fault, and says when it began where there is another of its kind.
func (t *teller) which(fault *history.Fault) string {
	alike, began := 0, history.Time(0)
	for _, w := range t.windows {
		if w.first.Kind == fault.Kind {
			alike++
		}
		if w.first.ID == fault.ID {
			began = w.start
		}
	}
	if alike < 2 {
		return name(fault.Kind)
	}
	return name(fault.Kind) + " of " + clock(began)
}

func groups(all []string) string {
	if len(all) == 0 || len(all) > 5 {
		return ""
	}
	var parts []string
	for _, group := range all {
		parts = append(parts, clean(group, 60))
	}
	return " [" + strings.Join(parts, " | ") + "]"
}

func quorumWords(f *history.Fault) string {
	if f.Quorum == "lost" {
		return " No quorum is left."
	}
	return ""
}

// cost counts the messages that were lost while a fault was in force, by what they carried.
func (t *teller) cost(fault int) string {
	at := slices.IndexFunc(t.windows, func(w window) bool { return w.first.ID == fault })
	if at < 0 {
		return ""
	}
	w := t.windows[at]
	var kinds []string
	lost := map[string]int{}
	total := 0
	for _, p := range t.passages {
		if !p.Lost || p.Ended < w.start || p.Ended > min(w.end, t.to) {
			continue
		}
		total++
		for _, kind := range p.Types {
			if lost[kind]++; lost[kind] == 1 {
				kinds = append(kinds, kind)
			}
		}
	}
	if total == 0 {
		return ""
	}
	slices.SortStableFunc(kinds, func(a, b string) int { return lost[b] - lost[a] })
	var words []string
	for _, kind := range kinds[:min(len(kinds), 4)] {
		words = append(words, fmt.Sprintf("%d %s", lost[kind], name(kind)))
	}
	text := fmt.Sprintf("; until then %s on the way", plural(total, "message was lost", "messages were lost"))
	if len(words) > 0 {
		text += " (" + t.list(words, 4) + ")"
	}
	return text
}

// operations tells what the operations of the witness did and saw, who answered and where that node stood,
// and what went between nodes for them. Checkers explain in sentences; which operation one is about is told
// by its times. One about a fault is told with the fault.
func (t *teller) operations() {
	w := t.result.Witness
	if w == nil {
		return
	}
	told, at := map[int]bool{}, t.from
	for _, one := range w.Explanation {
		o := about(one, w.Operations, told)
		switch {
		case o != nil:
			told[o.ID], at = true, o.Invoked
			t.operation(*o, one)
		case !strings.HasPrefix(one, "fault "):
			at = max(at, latest(one, t.to))
			t.say(at, act, "%s", upper(full(one)))
		}
	}
	for _, o := range w.Operations {
		if len(told) == 0 {
			t.operation(o, o.String())
		} else if !told[o.ID] {
			t.other(o, act)
		}
	}
	t.others()
}

// mostOthers is up to how many operations of a run those are told that are not in the witness.
const mostOthers = 12

// others tells the operations besides the witness, if the run has few: what was left when nothing could be
// taken away must matter.
func (t *teller) others() {
	if len(t.history.Operations) > mostOthers {
		return
	}
	for _, o := range t.history.Operations {
		if slices.ContainsFunc(t.result.Witness.Operations, func(w history.Operation) bool { return w.ID == o.ID }) || o.Invoked > t.to {
			continue
		}
		t.other(o, change)
	}
}

// other tells an operation of which no checker has said anything.
func (t *teller) other(o history.Operation, weight int) {
	what := strings.TrimSuffix(string(o.Function)+" "+o.Key, " ")
	if !o.Argument.IsNothing() {
		what += " " + o.Argument.String()
	}
	deed := "asks for " + name(what)
	switch o.Function {
	case history.Own:
		deed = "asks for the ephemeral znode " + name(o.Key)
	case history.Die:
		deed = "dies without a word (" + name(what) + ")"
	}
	t.say(o.Invoked, weight, "At %s %s %s; %s.", clock(o.Invoked), name(o.Client), deed, ended(o))
}

// ended says how an operation ended, if it did.
func ended(o history.Operation) string {
	switch {
	case o.Completed == history.Forever && o.GaveUp != history.Forever:
		return fmt.Sprintf("it is never answered: given up at %s, and nobody knows whether it was done", clock(o.GaveUp))
	case o.Completed == history.Forever:
		return "it is never answered, and nobody knows whether it was done"
	case o.Outcome == history.Fail && o.Error != "":
		return fmt.Sprintf("it fails at %s (%s)", clock(o.Completed), clean(o.Error, 60))
	case o.Outcome == history.Ok && !o.Result.IsNothing() && !o.Function.Mutates():
		return fmt.Sprintf("ok at %s, with %s", clock(o.Completed), clean(o.Result.String(), 60))
	}
	return fmt.Sprintf("%s at %s", outcomeWord(o.Outcome), clock(o.Completed))
}

// operation tells one operation, in a checker's words.
func (t *teller) operation(o history.Operation, words string) {
	text := upper(full(words))
	if t.isNode(o.Node) {
		text += fmt.Sprintf(" The answer is %s's%s.", name(o.Node), t.standing(o.Node, o.Invoked))
	}
	t.say(o.Invoked, act, "%s%s", text, t.traffic(o))
}

// about is the operation not told yet whose times a sentence names first, nil if there is none. Of several at those times it is one
// whose client the sentence names too: some tell only who answered, and when.
func about(sentence string, operations []history.Operation, told map[int]bool) *history.Operation {
	for _, byClient := range []bool{true, false} {
		var first *history.Operation
		at := len(sentence)
		for i := range operations {
			o := &operations[i]
			when := fmt.Sprintf("%.3f s", o.Invoked.Seconds())
			if o.Completed != history.Forever {
				when = fmt.Sprintf("%.3f-%.3f s", o.Invoked.Seconds(), o.Completed.Seconds())
			} else if !byClient {
				continue
			}
			place := strings.Index(sentence, when)
			if told[o.ID] || place < 0 || place >= at || byClient && !strings.Contains(sentence, o.Client) {
				continue
			}
			first, at = o, place
		}
		if first != nil {
			return first
		}
	}
	return nil
}

// latest is the last time that a sentence names, up to a bound; 0 if it names none.
func latest(sentence string, bound history.Time) history.Time {
	var last history.Time
	for _, word := range strings.FieldsFunc(sentence, func(r rune) bool { return r == ' ' || r == '-' || r == ':' || r == ',' }) {
		if seconds, err := strconv.ParseFloat(word, 64); err == nil && strings.Contains(word, ".") && seconds >= 0 {
			if at := history.Time(seconds * 1e9); at <= bound {
				last = max(last, at+rounded)
			}
		}
	}
	return last
}

// rounded is by how much an instant may be later than it is written: what happened then comes before a sentence about it.
const rounded = history.Time(500_000)

// full is a text of unknown origin as a sentence with an end, which may be a question's.
func full(text string) string {
	text = sentence(text)
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "?") || strings.HasSuffix(text, "!") {
		return text
	}
	return text + "."
}

// upper begins a sentence with a capital, but for names such as n1.
func upper(text string) string {
	first, _, _ := strings.Cut(text, " ")
	if first == "" || strings.ContainsAny(first, "0123456789#/") {
		return text
	}
	return strings.ToUpper(first[:1]) + text[1:]
}

// standing says where a node is when it answers: whether it says that it leads, and whom it cannot reach.
func (t *teller) standing(node string, at history.Time) string {
	leads := false
	for _, event := range t.history.Notes() {
		if event.Time <= at && event.Note.Node == node {
			switch event.Note.Kind {
			case "leader":
				leads = true
			case "follower", "start", "panic", "halt", "exit":
				leads = false
			}
		}
	}
	var parts []string
	if leads {
		parts = append(parts, "which says that it leads")
	}
	if outside := t.outside(node, at); outside != "" {
		parts = append(parts, outside)
	}
	var now history.Connectivity
	for _, event := range t.history.Faults() {
		if event.Time <= at {
			now = event.Fault.After
		}
	}
	var apart []string
	for _, other := range t.history.Run.Nodes {
		if slices.Contains(now.Cut, history.Link{From: node, To: other}) || slices.Contains(now.Cut, history.Link{From: other, To: node}) {
			apart = append(apart, other)
		}
	}
	if len(apart) > 0 {
		parts = append(parts, "cut off from "+t.list(apart, 6))
	}
	if len(parts) == 0 {
		return ""
	}
	return ", " + strings.Join(parts, ", ")
}

// traffic tells what nodes sent each other while an operation was under way, and what of it was lost.
func (t *teller) traffic(o history.Operation) string {
	if o.Node == "" && o.Outcome == history.Fail {
		return ""
	}
	type key struct {
		from, kind string
		lost       bool
	}
	var order []key
	to := map[key][]string{}
	for _, p := range t.passages {
		if p.Sent < o.Invoked || p.Sent > known(o) || p.idle() || !t.isNode(p.From) || !t.isNode(p.To) {
			continue
		}
		k := key{p.From, strings.Join(p.Types, " and "), p.Lost}
		if len(to[k]) == 0 {
			order = append(order, k)
		}
		if !slices.Contains(to[k], p.To) {
			to[k] = append(to[k], p.To)
		}
	}
	const most = 4
	var parts []string
	for _, k := range order[:min(len(order), most)] {
		end := ""
		if k.lost {
			end = ", which is lost"
		}
		parts = append(parts, fmt.Sprintf("%s sends %s: %s%s", name(k.from), t.list(to[k], 6), clean(k.kind, 60), end))
	}
	if len(parts) == 0 {
		return ""
	}
	if extra := len(order) - most; extra > 0 {
		parts = append(parts, "and more")
	}
	return " Meanwhile " + strings.Join(parts, "; ") + "."
}

func (t *teller) isNode(who string) bool { return slices.Contains(t.history.Run.Nodes, who) }
