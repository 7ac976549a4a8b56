package world

import "cleave/history"

// Passage is what became of a message on a connection, or of a datagram, for diagrams of who told whom what.
type Passage struct {
	Message
	ID          uint64 // the same each time the same message is heard of: lost, sent again, arrived
	Sent, Ended history.Time
	Lost        bool // it did not arrive at Ended; a connection sends it again while it lasts
}
