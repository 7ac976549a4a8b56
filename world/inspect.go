package world

import (
	"time"

	"cleave/history"
)

// Inspected is a World that can be looked into between two events. Looking changes nothing.
type Inspected interface {
	World
	// Recent are the messages that each way of each connection of a node is at: the oldest that is held up,
	// else the last that was sent, if that was no longer ago than given, and the last datagrams, if so. Their order is the same
	// whenever the run is.
	Recent(node string, ago time.Duration) []Message
	// Phase is the phase of its protocol that a node is in: what the node says, if it is Phased, else
	// "up"; "down" or "paused" if it does not run.
	Phase(node string) string
	// Marks counts what processes have marked so far, by state.
	Marks() map[string]int
}

// Message is a message between two processes.
type Message struct {
	From, To         string
	FromNode, ToNode bool   // whether each is a node; the others are clients
	Payload          []byte // not to be changed
}

// Phased is a Process that can say in what phase of its protocol it is, in one of a few short words, such
// as "leading" or "electing".
type Phased interface {
	Process
	Phase() string
}

// Marker is an Environment that counts the states that processes reach, for the coverage of many runs. They
// are no part of the history.
type Marker interface {
	Mark(state string)
}

// Mark counts a state reached, such as "snapshot installed", if the environment counts them.
func Mark(environment Environment, state string) {
	if marker, counts := environment.(Marker); counts {
		marker.Mark(state)
	}
}

// Step is one event of a world that can be run again to the byte: what is compared to see whether it was.
type Step struct {
	At       history.Time
	Kind     string // "segment", "timer", "sync", ...
	From, To string // From is empty for what a process does with itself
	Size     int    // bytes of payload
	Hash     uint64 // of all that happened before, and of the fields above
}
