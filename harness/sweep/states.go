package sweep

import (
	"slices"
	"strconv"
	"strings"

	"cleave/history"
)

// The states that a history shows to have been reached, in words. What processes mark besides is in the
// words of the system.
const (
	stateElection      = "a leader was elected"
	stateChange        = "the leader changed during a fault"
	stateRestart       = "a node restarted"
	stateQuorumLost    = "the quorum was lost"
	stateMinority      = "the leader stood in a minority"
	stateLeaderless    = "a fault began while nobody led"
	stateExpired       = "a session expired"
	stateExpiredCut    = "a session of a client that was cut off expired"
	stateLost          = "a client lost its connection"
	stateInfo          = "the outcome of an operation was unknown"
	stateFail          = "an operation was refused"
	statePreserving    = "self-preservation was entered"
	statePreserved     = "self-preservation was left"
	stateEvicted       = "instances were evicted"
	stateEvictedFault  = "instances were evicted during a fault"
	stateNoSpace       = "a disk had no room"
	stateHalt          = "a node halted, to be started again" // its disk having failed, or a program having ended
	stateExit          = "a program ended by itself"
	statePanic         = "a node panicked"
	stateSplit         = "nodes could not all reach each other"
	stateOverlap       = "two faults were in force at once"
	stateTornLog       = "restarted with a torn log" // in the words of the CP store, as the next three
	stateTaken         = "snapshot taken"
	stateInstalled     = "snapshot installed"
	stateMembers       = "who is a member changed"
	stateReplaced      = "a node's place was taken by another member"
	stateOutLost       = "the quorum was lost while a member was out"
	statePeers         = "a node's peers changed"
	statePeerBack      = "a node was given a peer again"
	statePreservingOut = "self-preservation was entered while a peer was out"
	stateSeveralTerms  = "three leaders or more in one run"
	severalTerms       = 3
	noteEntered        = "entered"
	noteSelfPreserving = "self-preservation"
)

// noteStates are the states that a note is, as it stands.
var noteStates = map[string]string{
	"disconnected": stateLost, "no-space": stateNoSpace, "halt": stateHalt, "exit": stateExit, "panic": statePanic,
}

// statesOf counts what a history shows to have been reached.
func statesOf(h *history.History) map[string]int {
	s := survey{run: &h.Run, reached: map[string]int{}, started: map[string]bool{}, cut: map[string]bool{}, inForce: map[int]bool{},
		peers: map[string]int{}}
	for i := range h.Events {
		event := &h.Events[i]
		switch {
		case event.Type == history.Info:
			s.reached[stateInfo]++
		case event.Type == history.Fail:
			s.reached[stateFail]++
		case event.Fault != nil:
			s.fault(event.Fault)
		case event.Note != nil:
			s.note(event.Note)
		}
	}
	if s.reached[stateElection] >= severalTerms {
		s.reached[stateSeveralTerms] = 1
	}
	return s.reached
}

// survey reads a history from the front.
type survey struct {
	run     *history.Run
	reached map[string]int
	leader  string
	started map[string]bool // nodes that have
	cut     map[string]bool // clients that were, or whose node was, since they last connected
	inForce map[int]bool
	severed []history.Link // just now
	changed uint64         // the last entry of the log that changed who is a member
	renewed []string       // members in the places of others that were given a vote, such as n3.1
	out     bool           // somebody is to be no member
	peers   map[string]int // how many each node last told of
}

func (s *survey) fault(fault *history.Fault) {
	if fault.Stage == history.FaultEnd {
		delete(s.inForce, fault.ID)
	} else if fault.Kind != "none" {
		s.inForce[fault.ID] = true
	}
	leads := hasLeaders(s.run)
	if fault.Stage != history.FaultEnd && fault.Quorum == "lost" && leads {
		s.reached[stateQuorumLost]++
		if len(fault.After.Out) > 0 {
			s.reached[stateOutLost]++
		}
	}
	if fault.Stage == history.FaultStart {
		if fault.LeaderSide == "minority" {
			s.reached[stateMinority]++
		}
		if fault.Leader == "" && leads {
			s.reached[stateLeaderless]++
		}
		if len(s.inForce) > 1 {
			s.reached[stateOverlap]++
		}
		if len(fault.After.Cut) > 0 {
			s.reached[stateSplit]++
		}
	}
	s.severed, s.out = fault.After.Cut, len(fault.After.Out) > 0
	s.sever()
}

// hasLeaders tells whether the system of a run has leaders: one whose every node serves by itself has none.
func hasLeaders(run *history.Run) bool { return run.Quorum > 1 || len(run.Nodes) == 1 }

// sever marks the clients that are cut off from somebody, with their node or from it.
func (s *survey) sever() {
	if len(s.severed) == 0 {
		return
	}
	for _, place := range s.run.Clients {
		if !s.cut[place.Client] && s.severs(place) {
			s.cut[place.Client] = true
		}
	}
}

func (s *survey) severs(place history.Placement) bool {
	return slices.ContainsFunc(s.severed, func(l history.Link) bool {
		return l.From == place.Client || l.To == place.Client || l.From == place.Host || l.To == place.Host
	})
}

func (s *survey) note(note *history.Note) {
	if state, known := noteStates[note.Kind]; known {
		s.reached[state]++
		return
	}
	switch note.Kind {
	case "leader":
		s.reached[stateElection]++
		if s.leader != "" && s.leader != note.Node && len(s.inForce) > 0 {
			s.reached[stateChange]++
		}
		s.leader = note.Node
	case "start":
		if s.started[note.Node] {
			s.reached[stateRestart]++
		}
		s.started[note.Node] = true
	case "connected":
		s.cut[note.Node] = false
		s.sever()
	case "expired":
		s.reached[stateExpired]++
		if s.cut[note.Node] {
			s.reached[stateExpiredCut]++
		}
	case "members":
		s.members(note.Detail)
	case "peers":
		s.peersOf(note.Node, len(strings.Fields(note.Detail)))
	case noteSelfPreserving:
		if strings.HasPrefix(note.Detail, noteEntered) {
			s.reached[statePreserving]++
			if s.out {
				s.reached[statePreservingOut]++
			}
		} else {
			s.reached[statePreserved]++
		}
	case "evicted":
		s.reached[stateEvicted]++
		if len(s.inForce) > 0 {
			s.reached[stateEvictedFault]++
		}
	}
}

// peersOf counts a change of a node's peers, and whether it has more of them than it last told.
func (s *survey) peersOf(node string, count int) {
	s.reached[statePeers]++
	if before, told := s.peers[node]; told && count > before {
		s.reached[statePeerBack]++
	}
	s.peers[node] = count
}

// members counts a change of who is a member once, by whoever carries it out first, and not what nodes find when they start
// or take a snapshot over.
//
//	at 1234: n1 n2 n3.1 n4, learning n5      from entry 1234 on; n3.1 is in n3's place
//	by 1500: n1 n2 n3.1 n4 n5                found
func (s *survey) members(detail string) {
	since, names, _ := strings.Cut(detail, ": ")
	how, digits, _ := strings.Cut(since, " ")
	index, err := strconv.ParseUint(digits, 10, 64)
	if how != "at" || err != nil || index <= s.changed {
		return
	}
	s.changed = index
	s.reached[stateMembers]++
	voters, _, _ := strings.Cut(names, ", learning ")
	for _, voter := range strings.Fields(voters) {
		if strings.Contains(voter, ".") && !slices.Contains(s.renewed, voter) {
			s.renewed = append(s.renewed, voter)
			s.reached[stateReplaced]++
		}
	}
}
