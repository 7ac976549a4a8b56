package reports

import (
	"cleave/history"
)

// window is one fault from its start to its end, made of its events.
type window struct {
	first      history.Fault // as it started
	last       history.Fault // as last heard of: its counters are final
	start, end history.Time
	ended      bool
	on         []interval // when it was in force; one unless it flaps
	lost       bool       // at some time there was no quorum
	nodes      []string   // all nodes it hit
	links      int        // the most links it held cut
	disturbed  int        // the most links it made worse
}

// interval is a stretch of time.
type interval struct{ from, to history.Time }

// harmless tells whether the fault is the one that does nothing: no time is shaded for it.
func (w *window) harmless() bool { return w.first.Kind == "none" }

// windowsOf joins the fault events of a history, in order of their starts.
func windowsOf(h *history.History) []window {
	var windows []window
	position := map[int]int{}
	for _, event := range h.Faults() {
		at, known := position[event.Fault.ID]
		if !known {
			at = len(windows)
			position[event.Fault.ID] = at
			windows = append(windows, window{first: *event.Fault, start: event.Time, end: h.End()})
		}
		windows[at].add(event, !known)
	}
	for i := range windows {
		windows[i].close()
	}
	return windows
}

// add takes in the next event. A change turns the fault off and on in turn.
func (w *window) add(event history.Event, first bool) {
	w.last = *event.Fault
	w.lost = w.lost || event.Fault.Quorum == "lost" && event.Fault.Stage != history.FaultEnd
	w.links = max(w.links, event.Fault.Links)
	w.disturbed = max(w.disturbed, event.Fault.Disturbed)
	for _, node := range event.Fault.Nodes {
		if rank(w.nodes, node) == len(w.nodes) {
			w.nodes = append(w.nodes, node)
		}
	}
	open := len(w.on) > 0 && w.on[len(w.on)-1].to == history.Forever
	switch {
	case event.Fault.Stage == history.FaultEnd:
		w.end, w.ended = event.Time, true
		if open {
			w.on[len(w.on)-1].to = event.Time
		}
	case first || !open:
		w.on = append(w.on, interval{event.Time, history.Forever})
	default:
		w.on[len(w.on)-1].to = event.Time
	}
}

// close ends what never ended at the end of the history.
func (w *window) close() {
	for i := range w.on {
		w.on[i].to = min(w.on[i].to, w.end)
	}
}

// lanes places windows in rows such that no two of a row overlap; it gives each window's row and the
// number of rows.
func lanes(windows []window) ([]int, int) {
	var ends []history.Time
	rows := make([]int, len(windows))
	for i, w := range windows {
		row := 0
		for row < len(ends) && ends[row] > w.start {
			row++
		}
		if row == len(ends) {
			ends = append(ends, 0)
		}
		ends[row], rows[i] = w.end, row
	}
	return rows, len(ends)
}
