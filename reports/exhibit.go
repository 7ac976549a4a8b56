package reports

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"

	"cleave/history"
)

// exhibit is what the script of a run's page draws from: the same run as the pictures and tables that stand in the page
// without it, finer in time, and its operations one by one. Times are microseconds of the run.
type exhibit struct {
	End        int64          `json:"end"`
	Phases     []exhibitSpan  `json:"phases"`
	Faults     []exhibitFault `json:"faults"`
	Nodes      []exhibitNode  `json:"nodes"`
	Bins       bins           `json:"bins"`
	Operations columns        `json:"operations"`
	Logs       []exhibitLog   `json:"logs"`
}

// exhibitSpan is a stretch of time with its name.
type exhibitSpan struct {
	Name string `json:"name"`
	Kind string `json:"kind,omitempty"`
	From int64  `json:"from"`
	To   int64  `json:"to"`
}

// exhibitFault is a fault: its lane, and when it was in force.
type exhibitFault struct {
	exhibitSpan
	Lane   int        `json:"lane"`
	Detail string     `json:"detail"`
	On     [][2]int64 `json:"on"`
}

// exhibitNode is a node and the stretches and marks of its life.
type exhibitNode struct {
	Name   string        `json:"name"`
	States []exhibitSpan `json:"states"`
}

// exhibitLog is what a node wrote.
type exhibitLog struct {
	Name  string    `json:"name"`
	Lines []LogLine `json:"lines"`
	Cut   string    `json:"cut,omitempty"`
}

// mostExhibit is how large the data in a page may be, compressed and as text: what else is in a page has room beside it
// in 10 MB.
const mostExhibit = 7 << 20

// packExhibit gives the data of a page as base64 (the alphabet of URLs, which no rule of HTML touches) of gzip of JSON. It
// takes fewer operations until there is room.
func packExhibit(run Run, a axis, t truth) (packed string, kept sampling) {
	e := newExhibit(run, a, t)
	for most := mostOperations; ; most /= 2 {
		e.Operations, kept = operationColumns(run, t, most)
		if packed = pack(e); len(packed) <= mostExhibit || most == 0 {
			return packed, kept
		}
	}
}

// pack is the same text for the same data.
func pack(e exhibit) string {
	var packed bytes.Buffer
	text := base64.NewEncoder(base64.RawURLEncoding, &packed)
	zipped, err := gzip.NewWriterLevel(text, gzip.BestSpeed+5)
	if err == nil {
		err = json.NewEncoder(zipped).Encode(e)
	}
	if err != nil || zipped.Close() != nil || text.Close() != nil {
		panic("reports: numbers and texts are always packed") // nothing here can fail: it writes to memory
	}
	return packed.String()
}

func newExhibit(run Run, a axis, t truth) exhibit {
	e := exhibit{End: micro(a.end), Bins: binsOf(run, a, t), Logs: logsOf(run.Logs)}
	for i, phase := range a.phases {
		e.Phases = append(e.Phases, exhibitSpan{Name: a.names[i], From: micro(phase.from), To: micro(phase.to)})
	}
	rows, _ := lanes(a.windows)
	for i, w := range a.windows {
		if i < mostBands && !w.harmless() {
			e.Faults = append(e.Faults, newExhibitFault(w, rows[i]))
		}
	}
	marks := 0
	nodes := lanesOfNodes(run.History)
	for _, node := range nodes[:min(len(nodes), mostNodes)] {
		one := exhibitNode{Name: clean(node, 14)}
		for _, s := range statesOf(run.History, node) {
			if marks++; marks <= mostNodeMarks {
				one.States = append(one.States, exhibitSpan{Name: s.hint, Kind: s.kind, From: micro(s.span.from), To: micro(s.span.to)})
			}
		}
		e.Nodes = append(e.Nodes, one)
	}
	return e
}

func newExhibitFault(w window, lane int) exhibitFault {
	f := exhibitFault{exhibitSpan: exhibitSpan{Name: name(w.first.Kind), From: micro(w.start), To: micro(w.end)}, Lane: lane, Detail: sentence(w.first.Detail)}
	for _, on := range w.on[:min(len(w.on), mostBands)] {
		f.On = append(f.On, [2]int64{micro(on.from), micro(on.to)})
	}
	return f
}

// micro is an instant in microseconds of the run.
func micro(t history.Time) int64 { return int64(t) / 1000 }
