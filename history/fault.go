package history

import "strings"

// Stage is the moment of a fault that an event reports.
type Stage string

// The stages of a fault.
const (
	FaultStart  Stage = "start"
	FaultChange Stage = "change" // a flapping fault goes on or off
	FaultEnd    Stage = "end"
)

// Fault is what a fault did, computed when it did it.
type Fault struct {
	ID     int      `json:"id"`   // position in the schedule, from 0
	Kind   string   `json:"kind"` // e.g. "isolate-leader"
	Stage  Stage    `json:"stage"`
	Nodes  []string `json:"nodes,omitempty"`  // nodes hit: killed, paused, skewed, full, disturbed, or on the smaller side of a cut
	Groups []string `json:"groups,omitempty"` // who stands together, "n1 n2 c1 c2" each
	Detail string   `json:"detail"`           // one sentence, in words
	// Links is how many directed links this fault holds cut, or held before this event. Dropped is how
	// many messages were lost on them while it did, final at FaultEnd.
	Links   int   `json:"links,omitempty"`
	Dropped int64 `json:"dropped,omitempty"`
	// Disturbed is how many directed links this fault makes worse, or made worse before this event.
	// Touched is how many messages were lost, damaged, delayed, doubled or held back on them by
	// disturbances while it did, final at FaultEnd.
	Disturbed int   `json:"disturbed,omitempty"`
	Touched   int64 `json:"touched,omitempty"`
	// Quorum is "kept" or "lost": whether, with all faults in force, enough connected nodes are left.
	Quorum string `json:"quorum,omitempty"`
	// Leader is the leader when the fault started ("" if none), LeaderSide where it then stood:
	// "majority", "minority", "down" or "".
	Leader     string `json:"leader,omitempty"`
	LeaderSide string `json:"leaderSide,omitempty"`
	// After is who can reach whom once this event has happened, all faults together.
	After Connectivity `json:"after"`
}

// Link is a directed link between two endpoints (nodes or clients), written "n1>n2".
type Link struct{ From, To string }

// MarshalText writes "n1>n2".
func (l Link) MarshalText() ([]byte, error) { return []byte(l.From + ">" + l.To), nil }

// UnmarshalText reads "n1>n2".
func (l *Link) UnmarshalText(text []byte) error {
	from, to, found := strings.Cut(string(text), ">")
	if !found || from == "" || to == "" {
		return errBadLink(text)
	}
	l.From, l.To = from, to
	return nil
}

// Connectivity is the state of all links and nodes under the faults in force. Zero is "all is well".
type Connectivity struct {
	Cut    []Link   `json:"cut,omitempty"`    // directed links that pass nothing, sorted
	Down   []string `json:"down,omitempty"`   // nodes that are killed or without power, sorted
	Paused []string `json:"paused,omitempty"` // nodes that are paused, sorted
	// Full are the nodes whose disks have no room, sorted. One of them may run, or have ended of it: in
	// what must be served it counts as down.
	Full []string `json:"full,omitempty"`
	// Ailing are the nodes whose disks fail or are damaged, sorted. As with those in Full, one may run, or have
	// ended of it.
	Ailing []string `json:"ailing,omitempty"`
	// Hampered is how many directed links lose, damage or delay messages by a fault, and how many nodes are
	// slow. While any is, nobody must be served in any time.
	Hampered int `json:"hampered,omitempty"`
	// Out are the nodes that are not to be members of the cluster, sorted. One of them may still be one, and one
	// that was in it before may not be one yet.
	Out []string `json:"out,omitempty"`
}
