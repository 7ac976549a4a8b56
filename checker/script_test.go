package checker

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cleave/history"
)

// A script is a history drawn as bars, a column 10 ms long:
//
//	nodes   n1 n2 n3              (all of them; quorum is a majority, or what "quorum 1" says)
//	phase   ^warm-up     ^quiet
//	fault      ^start isolate apart=n1,c1      ^end isolate dropped=5
//	note       ^n1 leader term 3
//	c1      |--write x 1--|       ok
//	c2@n2   |--read x = 1 @n2 v5--|   ok, from n2, version 5; the client lives beside n2
//	c3      |--write x 2--?       info: the client gave up here
//	c4      |--cas x 1 2 (value differs)--!  fail
//
// The text of a mark (^) ends at two spaces.
type script struct {
	run       history.Run
	events    []placed
	clients   map[string]int // client -> its process
	processes int
	faults    []cutting
}

type placed struct {
	event history.Event
	row   int
}

// cutting is a fault in force: who it cuts from the others, kills and pauses.
type cutting struct {
	id                             int
	apart, down, paused, full, out []string
	hampered                       int
}

const column = history.Time(10_000_000)

// readScript makes the history that is drawn. It panics on what it does not understand.
func readScript(lines []string) *history.History {
	s := &script{clients: map[string]int{}}
	s.run = history.Run{System: "drawn", Quorum: 2, Nodes: []string{"n1", "n2", "n3"}}
	for row, line := range lines {
		name, _, _ := strings.Cut(line, " ")
		switch name {
		case "nodes":
			s.run.Nodes = strings.Fields(line)[1:]
			s.run.Quorum = len(s.run.Nodes)/2 + 1
		case "quorum":
			s.run.Quorum = number(strings.Fields(line)[1])
		case "phase", "note", "fault":
		default:
			s.bars(name, line, row)
		}
	}
	for row, line := range lines {
		switch name, _, _ := strings.Cut(line, " "); name {
		case "phase", "note", "fault":
			s.marks(name, line, row)
		}
	}
	return s.history()
}

func number(text string) int {
	parsed, err := strconv.Atoi(text)
	if err != nil {
		panic("a number, not " + text)
	}
	return parsed
}

// history puts the events in order: by time, invocations first, so that ties are concurrent.
func (s *script) history() *history.History {
	slices.SortStableFunc(s.events, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.event.Time, b.event.Time), cmp.Compare(a.row, b.row))
	})
	events := []history.Event{{Type: history.RunEvent, Run: &s.run}}
	for i, p := range s.events {
		p.event.Index = i + 1
		events = append(events, p.event)
	}
	h, err := history.New(events)
	if err != nil {
		panic(err)
	}
	return h
}

func (s *script) add(event history.Event, row int) { s.events = append(s.events, placed{event, row}) }

// bars reads the operations of a client.
func (s *script) bars(name, line string, row int) {
	client, host, _ := strings.Cut(name, "@")
	if _, known := s.clients[client]; !known {
		s.clients[client] = s.processes
		s.processes++
		s.run.Clients = append(s.run.Clients, history.Placement{Client: client, Host: cmp.Or(host, s.run.Nodes[0])})
	}
	for at := 0; ; {
		start := strings.IndexByte(line[at:], '|')
		if start < 0 {
			return
		}
		start += at
		end := strings.IndexAny(line[start+1:], "|?!")
		if end < 0 {
			s.operation(client, line[start+1:], start, len(line), ' ', row)
			return
		}
		end += start + 1
		s.operation(client, line[start+1:end], start, end, line[end], row)
		at = end + 1
	}
}

// operation reads "write x 1", "cas x 1 2", "read x = 1 @n1 v5 (error)", and its end.
func (s *script) operation(client, text string, start, end int, mark byte, row int) {
	text = strings.Trim(text, "- ")
	event := history.Event{Type: history.Invoke, Time: history.Time(start) * column, Client: client, Process: s.clients[client]}
	done := event
	if text, done.Error, _ = strings.Cut(text, "("); done.Error != "" {
		done.Error = strings.TrimSuffix(done.Error, ")")
	}
	asked, result, _ := strings.Cut(text, "=")
	words := wordsOf(asked)
	event.Function, event.Key = history.Function(words[0]), words[1]
	arguments := values(words[2:], &done)
	switch {
	case event.Function == history.CAS:
		event.Value = history.List(arguments...)
	case len(arguments) > 0:
		event.Value = arguments[0]
	}
	s.add(event, row)
	if results := values(wordsOf(result), &done); len(results) > 0 {
		done.Value = results[0]
	}
	done.Function, done.Key, done.Time = event.Function, event.Key, history.Time(end)*column
	switch mark {
	case '|':
		done.Type = history.Ok
	case '!':
		done.Type = history.Fail
	case '?':
		done.Type = history.Info
		s.clients[client] = s.processes
		s.processes++
	default:
		return // it never ended
	}
	s.add(done, row)
}

// wordsOf splits at spaces, but keeps a list in brackets together, with the lists in it.
func wordsOf(text string) []string {
	var found []string
	for _, word := range strings.Fields(text) {
		if last := len(found) - 1; last >= 0 && strings.Count(found[last], "[") > strings.Count(found[last], "]") {
			found[last] += " " + word
			continue
		}
		found = append(found, word)
	}
	return found
}

// values reads arguments or results; "@n1" and "v5" go to the completion.
func values(words []string, done *history.Event) []history.Value {
	var found []history.Value
	for _, word := range words {
		version, err := strconv.ParseInt(strings.TrimPrefix(word, "v"), 10, 64)
		switch {
		case strings.HasPrefix(word, "@"):
			done.Node = word[1:]
		case strings.HasPrefix(word, "v") && err == nil:
			done.Version = version
		default:
			found = append(found, value(word))
		}
	}
	return found
}

func value(word string) history.Value {
	if integer, err := strconv.ParseInt(word, 10, 64); err == nil {
		return history.Integer(integer)
	}
	if inner, isList := strings.CutPrefix(word, "["); isList {
		var elements []history.Value
		for _, element := range wordsOf(strings.TrimSuffix(inner, "]")) {
			elements = append(elements, value(element))
		}
		return history.List(elements...)
	}
	if word == "nil" {
		return history.Nothing
	}
	return history.Text(word)
}

// marks reads the marks (^) of a line.
func (s *script) marks(kind, line string, row int) {
	for at, character := range line {
		if character != '^' {
			continue
		}
		text, _, _ := strings.Cut(line[at+1:], "  ")
		event := history.Event{Time: history.Time(at) * column}
		words := strings.Fields(text)
		switch kind {
		case "phase":
			event.Type, event.Phase = history.PhaseEvent, history.Phase(words[0])
		case "note":
			event.Type = history.NoteEvent
			event.Note = &history.Note{Node: words[0], Kind: words[1], Detail: strings.Join(words[2:], " ")}
		default:
			event.Type, event.Fault = history.FaultEvent, s.fault(words)
		}
		s.add(event, row-1000)
	}
}

// fault reads "start isolate apart=n1,c1 dropped=5", and works out who can reach whom.
func (s *script) fault(words []string) *history.Fault {
	fault := &history.Fault{Stage: history.Stage(words[0]), Kind: words[1]}
	force := cutting{}
	for _, word := range words[2:] {
		option, list, _ := strings.Cut(word, "=")
		switch option {
		case "id":
			fault.ID, force.id = number(list), number(list)
		case "dropped":
			fault.Dropped = int64(number(list))
		case "apart":
			force.apart = strings.Split(list, ",")
			fault.Links = len(force.apart)
		case "down":
			force.down = strings.Split(list, ",")
		case "paused":
			force.paused = strings.Split(list, ",")
		case "out":
			force.out = strings.Split(list, ",")
		case "full":
			force.full = strings.Split(list, ",")
		case "disturbed":
			fault.Disturbed = number(list)
		case "hampered":
			fault.Disturbed, force.hampered = number(list), number(list)
		case "touched":
			fault.Touched = int64(number(list))
		case "nodes":
			fault.Nodes = strings.Split(list, ",")
		default:
			panic("no option " + word)
		}
	}
	s.faults = slices.DeleteFunc(s.faults, func(other cutting) bool { return other.id == fault.ID })
	if fault.Stage != history.FaultEnd {
		s.faults = append(s.faults, force)
	}
	fault.After = s.connectivity()
	return fault
}

func (s *script) connectivity() history.Connectivity {
	everybody := slices.Clone(s.run.Nodes)
	for _, client := range s.run.Clients {
		everybody = append(everybody, client.Client)
	}
	var state history.Connectivity
	for _, force := range s.faults {
		state.Down, state.Paused = append(state.Down, force.down...), append(state.Paused, force.paused...)
		state.Full, state.Hampered = append(state.Full, force.full...), state.Hampered+force.hampered
		state.Out = append(state.Out, force.out...)
		for _, one := range everybody {
			for _, other := range everybody {
				if slices.Contains(force.apart, one) != slices.Contains(force.apart, other) {
					state.Cut = append(state.Cut, history.Link{From: one, To: other})
				}
			}
		}
	}
	return state
}

// show is a result as the golden files have it.
func show(result Result, measures string) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s: %s\n", result.Verdict, result.Reason)
	if result.Witness != nil {
		for _, operation := range result.Witness.Operations {
			fmt.Fprintf(&out, "  %s\n", operation)
		}
		for _, sentence := range result.Witness.Explanation {
			fmt.Fprintf(&out, "  %s.\n", sentence)
		}
	}
	for _, m := range result.Measures {
		if measures == "" || m.Phase != "" && !strings.Contains(measures, "phase") || m.Function != "" && !strings.Contains(measures, "function") {
			continue
		}
		where := strings.Join(slices.DeleteFunc([]string{m.Side, m.Phase, string(m.Function)}, func(text string) bool { return text == "" }), ", ")
		fmt.Fprintf(&out, "  %-34s %-24s %.6g %s\n", m.Name, cmp.Or(where, "all"), m.Value, m.Unit)
	}
	return out.String()
}
