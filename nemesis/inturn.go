package nemesis

import (
	"slices"
	"time"

	"cleave/internal/rng"
)

// InTurn is a schedule of faults of some kinds and suites that come one after another, as Maelstrom's do: each lasts half to one and a
// half times the interval, and so does the time before it; the last ends with the window. able tells which kinds can be done at all;
// nil: all can.
//
//	|..interval..|=== fault ===|..interval..|=== fault ===|
func InTurn(names []string, seed uint64, nodes int, window Window, interval time.Duration, able func(Kind) bool) []Fault {
	var kinds []Kind
	for _, kind := range merged(kindsOf(names)) {
		found, err := Find(kind)
		if err == nil && nodes >= found.Nodes && (able == nil || able(found)) {
			kinds = append(kinds, found)
		}
	}
	var faults []Fault
	for at, i := window.Start, uint64(0); len(kinds) > 0; i++ {
		stream := rng.New(seed, turnKey, i)
		length := func() time.Duration {
			return time.Duration(stream.Between(int64(interval/2), int64(interval*3/2))).Round(time.Millisecond)
		}
		start := at + length()
		if start > window.End-interval/10 {
			break
		}
		at = min(start+max(length(), time.Millisecond), window.End)
		kind := kinds[stream.Below(int64(len(kinds)))]
		faults = append(faults, Fault{Kind: kind.Name, Start: Duration(start), Duration: Duration(at - start), Draw: stream.Uint64(),
			Period: Duration(kind.Period), Offset: Duration(kind.Offset)})
	}
	return faults
}

// kindsOf are the names of the kinds that kinds and suites stand for.
func kindsOf(names []string) []string {
	var all []string
	for _, name := range names {
		if suite, found := FindSuite(name); found {
			all = slices.Concat(all, suite.Kinds)
		} else {
			all = append(all, name)
		}
	}
	return all
}
