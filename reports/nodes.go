package reports

import (
	"fmt"
	"slices"
	"strings"

	"cleave/history"
)

// The most lanes, faults and marks that the charts of faults and nodes draw.
const (
	mostNodes     = 16
	mostLanes     = 12
	mostNodeMarks = 2000
)

// faultChart shows the faults as bars, one lane each while they overlap, and the phases above them.
func faultChart(a axis) *drawing {
	const laneHeight, top = 24.0, 20.0
	rows, lanes := lanes(a.windows)
	height := top + 4 + laneHeight*float64(max(min(lanes, mostLanes), 1))
	d := a.begin("faults", "Faults over time", "Each fault from its start to its end; solid while in force.", height)
	for i, phase := range a.phases {
		if room := a.x(phase.to) - a.x(phase.from); room > 44 {
			d.text("label", "start", a.x(phase.from)+4, 13, a.names[i])
		}
	}
	hidden := 0
	for i, w := range a.windows {
		if rows[i] >= mostLanes || i >= mostBands {
			hidden++
			continue
		}
		d.fault(a, w, top+laneHeight*float64(rows[i]), laneHeight-6)
	}
	if hidden > 0 {
		d.Notes = append(d.Notes, plural(hidden, "fault is", "faults are")+" not drawn.")
	}
	d.Table = faultTimes(a.windows)
	return d
}

func (d *drawing) fault(a axis, w window, y, height float64) {
	d.rect("fault-span", a.x(w.start), y, max(a.x(w.end)-a.x(w.start), 2), height, "")
	for i, on := range w.on {
		if i < mostBands {
			d.rect("fault-on", a.x(on.from), y, max(a.x(on.to)-a.x(on.from), 1.5), height, sentence(w.first.Detail))
		}
	}
	label, class, x, anchor := clean(w.first.Kind, 28), "fault-label", a.x(w.end)+5, "start"
	if x+7.5*float64(len(label)) > chartWidth {
		x, anchor = a.x(w.start)-5, "end"
	}
	if a.x(w.end)-a.x(w.start) > 7.5*float64(len(label))+10 {
		class, x, anchor = "fault-label inside", a.x(w.start)+6, "start"
	}
	d.text(class, anchor, x, y+height-5, label)
}

func faultTimes(windows []window) table {
	t := table{Caption: "When each fault was in force", Head: []string{"fault", "start", "end", "stretches in force"}}
	for _, w := range windows {
		end := clock(w.end)
		if !w.ended {
			end = "never ended"
		}
		stretches := make([]string, 0, len(w.on))
		for i, on := range w.on {
			if i == 20 {
				stretches = append(stretches, fmt.Sprintf("and %d more", len(w.on)-20))
				break
			}
			stretches = append(stretches, fmt.Sprintf("%.3f–%.3f", on.from.Seconds(), on.to.Seconds()))
		}
		t.add(name(w.first.Kind), clock(w.start), end, strings.Join(stretches, ", "))
	}
	t.bound()
	return t
}

// nodeChart shows a lane for each node: when it led, was down, paused, without room on its disk or preserved itself, and what
// else it noted.
func nodeChart(h *history.History, a axis) *drawing {
	const laneHeight, top = 24.0, 6.0
	nodes := lanesOfNodes(h)
	shown := nodes[:min(len(nodes), mostNodes)]
	height := top + laneHeight*float64(max(len(shown), 1))
	d := a.begin("nodes", "Leaders and what nodes said of themselves",
		"One lane a node: bars while it said it led, was down, paused or in self-preservation; marks for starts, panics and other notes.", height)
	marks := 0
	for i, node := range shown {
		y := top + laneHeight*float64(i)
		d.line("grid", chartLeft, y+laneHeight/2-1, chartWidth-chartLeft-chartRight, 0)
		d.text("label", "end", chartLeft-8, y+16, clean(node, 14))
		for _, state := range statesOf(h, node) {
			if marks++; marks <= mostNodeMarks {
				d.state(a, state, y, laneHeight-4)
			}
		}
	}
	if marks > mostNodeMarks {
		d.Notes = append(d.Notes, fmt.Sprintf("Only the first %s of %s bars and marks are drawn.", thousands(mostNodeMarks), thousands(marks)))
	}
	if extra := len(nodes) - len(shown); extra > 0 {
		d.Notes = append(d.Notes, plural(extra, "further node is", "further nodes are")+" not drawn.")
	}
	d.Table = noteTable(h)
	return d
}

// lanesOfNodes are the nodes of the run, then whoever else noted something.
func lanesOfNodes(h *history.History) []string {
	nodes := slices.Clone(h.Run.Nodes)
	for _, event := range h.Notes() {
		if !slices.Contains(nodes, event.Note.Node) && len(nodes) < mostNodes+1 {
			nodes = append(nodes, event.Note.Node)
		}
	}
	return nodes
}

// nodeState is a stretch of a node's life, or a mark if both ends are the same.
type nodeState struct {
	kind string // leader, down, paused, full, outside, preserving; start, kill, exit, panic, note
	span interval
	hint string
}

// life follows one node through the notes and faults.
type life struct {
	states []nodeState
	open   map[string]int // position of the states that have not ended, by kind
	end    history.Time   // of the run
	downed bool           // by a fault
}

func (l *life) begin(kind string, at history.Time, hint string) {
	if _, already := l.open[kind]; !already {
		l.open[kind] = len(l.states)
		l.states = append(l.states, nodeState{kind, interval{at, l.end}, hint})
	}
}

func (l *life) finish(at history.Time, kinds ...string) {
	for _, kind := range kinds {
		if position, found := l.open[kind]; found {
			l.states[position].span.to = at
			delete(l.open, kind)
		}
	}
}

// statesOf are the stretches and marks of one node.
func statesOf(h *history.History, node string) []nodeState {
	l := life{open: map[string]int{}, end: h.End()}
	for _, event := range h.Events {
		switch {
		case event.Type == history.FaultEvent:
			l.fault(event.Fault.After, node, event.Time)
		case event.Type == history.NoteEvent && event.Note.Node == node:
			l.note(event.Note, event.Time)
		}
	}
	return l.states
}

// fault takes in what faults do to the node from now on.
func (l *life) fault(after history.Connectivity, node string, at history.Time) {
	if slices.Contains(after.Down, node) {
		l.begin("down", at, "")
		l.finish(at, "leader", "preserving")
		l.downed = true
	} else if l.downed {
		l.finish(at, "down")
		l.downed = false
	}
	if slices.Contains(after.Paused, node) {
		l.begin("paused", at, "")
	} else {
		l.finish(at, "paused")
	}
	if slices.Contains(after.Out, node) {
		l.begin("outside", at, "no member")
	} else {
		l.finish(at, "outside")
	}
	if slices.Contains(after.Ailing, node) {
		l.begin("ailing", at, "")
	} else {
		l.finish(at, "ailing")
	}
	if slices.Contains(after.Full, node) {
		l.begin("full", at, "")
	} else {
		l.finish(at, "full")
	}
}

// ends tells whether a node was killed or ended by itself, as the chart then marks it.
func ends(h *history.History) bool {
	return h != nil && slices.ContainsFunc(h.Notes(), func(event history.Event) bool {
		return slices.Contains([]string{"kill", "exit", "halt"}, event.Note.Kind)
	})
}

// note takes in a note of the node, or of the world about it. A process that ended by itself is down
// until it starts again.
func (l *life) note(note *history.Note, at history.Time) {
	switch note.Kind {
	case "leader":
		l.alive(at)
		l.begin("leader", at, clean(note.Detail, 20))
	case "follower", "looking", "start":
		l.alive(at)
	case "exit", "kill", "halt":
		l.finish(at, "leader", "preserving")
		l.begin("down", at, clean(note.Detail, 40))
	}
	l.states = append(l.states, marksOf(note, at)...)
	if note.Kind == "self-preservation" && note.Detail == "left" {
		l.finish(at, "preserving")
	} else if note.Kind == "self-preservation" {
		l.begin("preserving", at, "")
	}
}

// alive is that the node says how it stands: it does not lead on as it did, and runs if no fault keeps it
// from that.
func (l *life) alive(at history.Time) {
	l.finish(at, "leader")
	if !l.downed {
		l.finish(at, "down")
	}
}

// marksOf are the notes that are an instant and not a change of state.
func marksOf(note *history.Note, at history.Time) []nodeState {
	hint := clean(note.Detail, 80)
	switch note.Kind {
	case "leader", "follower", "looking", "self-preservation":
		return nil
	case "start", "kill", "exit", "panic":
		return []nodeState{{note.Kind, interval{at, at}, hint}}
	case "halt":
		return []nodeState{{"exit", interval{at, at}, hint}}
	}
	return []nodeState{{"note", interval{at, at}, name(note.Kind) + " " + hint}}
}

func (d *drawing) state(a axis, s nodeState, y, height float64) {
	x, width := a.x(s.span.from), max(a.x(s.span.to)-a.x(s.span.from), 1.5)
	hint := strings.TrimSpace(s.kind+" "+s.hint) + ", " + clock(s.span.from)
	var path strings.Builder
	switch s.kind {
	case "full", "ailing", "outside": // beside what else the node does
		d.rect("node-full", x, y+height-6, width, 6, "disk "+s.kind+", "+clock(s.span.from)+" to "+clock(s.span.to))
		return
	case "leader", "down", "paused", "preserving":
		d.rect("node-"+s.kind, x, y+1, width, height-2, hint+" to "+clock(s.span.to))
		label := map[string]string{"leader": "leads " + s.hint, "preserving": "self-preservation"}[s.kind]
		if label == "" {
			label = s.kind
		}
		if width > 7*float64(len([]rune(label)))+8 {
			d.text("node-label node-label-"+s.kind, "start", x+5, y+height-5, label)
		}
		return
	case "start":
		fmt.Fprintf(&path, "M%g %gl5 8h-10z", round(x), round(y+5))
	case "kill":
		fmt.Fprintf(&path, "M%g %gh9l-4.5 8z", round(x-8), round(y+6))
	case "exit":
		fmt.Fprintf(&path, "M%g %gh8v8h-8z", round(x-8), round(y+6))
	case "panic":
		fmt.Fprintf(&path, "M%g %gl10 10m0 -10l-10 10", round(x-5), round(y+5))
	default:
		fmt.Fprintf(&path, "M%g %gv10", round(x), round(y+5))
	}
	d.Shapes = append(d.Shapes, shape{Kind: "path", Class: "node-" + s.kind, Path: path.String(), Hint: hint})
}

func noteTable(h *history.History) table {
	t := table{Caption: "What nodes noted", Head: []string{"time", "node", "what", "detail"}}
	for _, event := range h.Notes() {
		if len(t.Rows) == mostRows {
			t.Cut = plural(len(h.Notes())-mostRows, "further note is", "further notes are") + " not shown."
			break
		}
		t.add(clock(event.Time), name(event.Note.Node), name(event.Note.Kind), clean(event.Note.Detail, 200))
	}
	return t
}
