package main

import (
	"fmt"
	"io"
	"os"

	"cleave/systems/maelstrom/node"
)

// program is a node for a workload.
type program struct {
	workload string
	variant  string // "" for the usual one
	does     string // in a few words
	setUp    func(n *node.Node)
}

// programs are all there are.
func programs() []program {
	return []program{
		{"echo", "", "says what it is told", echoes},
		{"echo", "garbles", "swallows a 7 at the end", garbles},
		{"unique-ids", "", "counts, with its own name and how often it has begun", ids},
		{"unique-ids", "begins-again", "counts from 0 again after a restart", idsAgain},
		{"broadcast", "", "writes down what it hears, and tells its neighbours until they say that they know", broadcasts},
		{"broadcast", "tells-once", "tells its neighbours once, and never again", tellsOnce},
		{"g-set", "", "writes down what it hears, and tells all others until they say that they know", grows},
		{"g-set", "replaces", "takes over a longer set instead of adding it to its own", replaces},
		{"g-set", "forgets", "writes nothing down", forgets},
		{"g-counter", "", "counts for itself, and tells the others its count", counts},
		{"g-counter", "overwrites", "reads the count from a service, and writes back a higher one", overwrites},
		{"pn-counter", "", "counts up and down for itself, and tells the others both", counts},
		{"pn-counter", "only-up", "tells one count, of which the others keep the highest", onlyUp},
		{"lin-kv", "", "asks the service lin-kv", proxies},
		{"lin-kv", "raft", "replicates a log, in which all calls are", replicates},
		{"lin-kv", "raft-reads-alone", "has a leader answer reads from what it has", readsAlone},
		{"lin-kv", "stale-read", "answers reads from what it has seen last", readsStale},
		{"lin-kv", "lost-write", "has each key on one node, in memory", losesWrites},
		{"kafka", "", "has every message in a place of its own in the service lin-kv", logs},
		{"kafka", "same-offset", "looks for the end of a log, and then writes there", reusesOffsets},
		{"kafka", "local-commits", "keeps what is committed to itself", commitsLocally},
		{"txn-list-append", "", "swaps the one map of all versions, in the service lin-kv", appends},
		{"txn-list-append", "lost-append", "writes the map of all versions without a look", losesAppends},
		{"txn-rw-register", "", "swaps the one map of all versions, in the service lin-kv", writes},
		{"txn-rw-register", "stepwise", "makes each step of a transaction a transaction", writesStepwise},
		{"echo", "spins", "answers, and at last thinks for ever", wild(spin)},
		{"echo", "floods", "answers, and at last prints for ever", wild(flood)},
		{"echo", "hoards", "answers, and at last takes all memory", wild(hoard)},
		{"echo", "exits", "answers, and at last exits", wild(exit)},
		{"echo", "panics", "answers, and at last panics", wild(fault)},
		{"echo", "babbles", "answers, and at last prints what is no message", wild(babble)},
		{"echo", "forges", "answers, and at last speaks in another's name", wild(forge)},
		{"echo", "astray", "answers, and at last sends a message to nobody", wild(astray)},
	}
}

func main() {
	chosen, known := find(os.Args[1:])
	if !known {
		list(os.Stderr)
		os.Exit(2)
	}
	n := node.New()
	chosen.setUp(n)
	must(n.Run())
}

// find is the node that arguments name.
func find(arguments []string) (program, bool) {
	arguments = append(arguments, "", "")
	for _, p := range programs() {
		if p.workload == arguments[0] && p.variant == arguments[1] {
			return p, true
		}
	}
	return program{}, false
}

// list says what there is.
func list(out io.Writer) {
	fmt.Fprintln(out, "usage: nodes WORKLOAD [VARIANT]; there are:")
	for _, p := range programs() {
		fmt.Fprintf(out, "  %-15s %-16s %s\n", p.workload, p.variant, p.does)
	}
}

// must ends the node when it cannot go on, such as when its disk fails.
func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "nodes:", err)
		os.Exit(1)
	}
}
