package isolation

import "slices"

// Anomaly is a name of something that a transaction must not see, in the literature's words. A cycle's name
// may end in "-process" or "-realtime": it needs an edge of that order.
type Anomaly string

// The anomalies (Adya, Weak Consistency, MIT 1999, sections 3 to 5; Kingsbury and Alvaro, Elle, VLDB 2020,
// sections 5 and 6). The comments tell them in terms of transactions T1, T2.
const (
	GarbageRead       Anomaly = "garbage-read"       // a value was read that nobody wrote
	DuplicateElements Anomaly = "duplicate-elements" // a list was read with an element twice
	IncompatibleOrder Anomaly = "incompatible-order" // two reads of a list of which neither begins the other
	AbortedRead       Anomaly = "G1a"                // T2 read what T1 wrote, which failed
	IntermediateRead  Anomaly = "G1b"                // T2 read what T1 itself wrote over later
	DirtyUpdate       Anomaly = "dirty-update"       // T2 wrote on top of what T1 wrote, which failed
	ReorderedWrites   Anomaly = "reordered-writes"   // T1's appends to a list are there in another order, or not all before its last
	FutureRead        Anomaly = "future-read"        // T1 read what it wrote only afterwards
	Internal          Anomaly = "internal"           // T1 did not read what its own steps must give it
	LostUpdate        Anomaly = "lost-update"        // T2 wrote what it had computed from a version that T1 had replaced
	G0                Anomaly = "G0"                 // a cycle of ww: writes interleave
	G1c               Anomaly = "G1c"                // a cycle of ww and wr: information flows in a circle
	GSingle           Anomaly = "G-single"           // a cycle with one rw: read skew
	GNonadjacent      Anomaly = "G-nonadjacent"      // a cycle of which no two rw follow each other: no snapshot
	G2Item            Anomaly = "G2-item"            // a cycle with rw: write skew
)

// cycleNames are the anomalies of the families.
var cycleNames = [families]Anomaly{writeCycle: G0, readCycle: G1c, single: GSingle, nonadjacent: GNonadjacent, anyCycle: G2Item}

// suffixes are the ends of the names of cycles that need an order of transactions.
var suffixes = [scopes]Anomaly{plain: "", bySession: "-process", byTime: "-realtime"}

// meanings say of each anomaly in one clause what happened.
var meanings = map[Anomaly]string{
	GarbageRead:       "a value was read that nobody wrote",
	DuplicateElements: "an element was read twice in one list",
	IncompatibleOrder: "two reads of one list of which neither begins the other",
	AbortedRead:       "aborted read: what was read had been written by a transaction that failed",
	IntermediateRead:  "intermediate read: what was read is not the last that its transaction wrote there",
	DirtyUpdate:       "dirty update: what a failed transaction wrote became part of another one's version",
	ReorderedWrites:   "a transaction's own writes are not there in the order in which it made them",
	FutureRead:        "future read: a transaction read what it wrote only afterwards",
	Internal:          "a transaction did not read what its own steps must give it",
	LostUpdate:        "lost update: a transaction changed a version that another one had replaced",
	G0:                "dirty write: the writes of transactions interleave",
	G1c:               "circular information flow: each of these transactions saw or replaced what another one wrote",
	GSingle:           "read skew: a transaction saw a part of what it must see whole or not at all",
	GNonadjacent:      "no snapshots can explain these reads",
	G2Item:            "write skew: each of these transactions missed what another one wrote",
}

// finding is one anomaly that is no cycle; what the fields mean depends on the anomaly.
type finding struct {
	anomaly      Anomaly
	transactions []int32
	key          int32
	values       []Value
	read, before int32 // of lists: lengths of the read in question, and of the one before it
	detail       detail
}

// detail tells kinds of an anomaly apart.
type detail uint8

const (
	ownView    detail = iota // a read disagrees with the steps before it
	ownOrder                 // two writes are in the other order
	bothUnread               // two updates of one version, neither of which anybody read
)

// findings are the first of each anomaly, and how many there are.
type findings struct {
	first []finding
	count map[Anomaly]int
}

func (f *findings) add(one finding) {
	if f.count == nil {
		f.count = map[Anomaly]int{}
	}
	if f.count[one.anomaly]++; f.count[one.anomaly] == 1 {
		one.transactions, one.values = slices.Clone(one.transactions), slices.Clone(one.values)
		f.first = append(f.first, one)
	}
}
