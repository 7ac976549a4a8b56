package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cleave/checker"
	"cleave/history"
)

// mark is a verdict as it is shown: never by colour or sign alone.
type mark struct {
	Class string // for the style: good, bad, unsure
	Icon  string
	Word  string
}

// ofPromise says what a result means for a promise.
func ofPromise(result checker.Result) mark { return kept(result.Verdict) }

func kept(v checker.Verdict) mark {
	switch v {
	case checker.Valid:
		return mark{"good", "✓", "kept"}
	case checker.Invalid:
		return mark{"bad", "✗", "BROKEN"}
	}
	return mark{"unsure", "?", "unknown"}
}

// ofMeasure says what a result means for a property that nobody promised. A checker that only
// measures says so in its reason; "holds" would be more than it found.
func ofMeasure(result checker.Result) mark {
	switch result.Verdict {
	case checker.Valid:
		if strings.HasPrefix(result.Reason, "measured") {
			return mark{"plain", "∙", "measured"}
		}
		return mark{"good", "✓", "holds"}
	case checker.Invalid:
		return mark{"unsure", "≠", "does not hold"}
	}
	return mark{"unsure", "?", "unknown"}
}

// tally counts promises by verdict.
type tally struct{ kept, broken, unknown int }

func count(results []checker.Result) tally {
	var t tally
	for _, result := range results {
		switch result.Verdict {
		case checker.Valid:
			t.kept++
		case checker.Invalid:
			t.broken++
		default:
			t.unknown++
		}
	}
	return t
}

// short is the tally in a few words, with its sign.
func (t tally) short() string {
	total := t.kept + t.broken + t.unknown
	switch {
	case total == 0:
		return "? nothing promised"
	case t.broken > 0:
		return fmt.Sprintf("✗ %d of %d BROKEN", t.broken, total)
	case t.unknown > 0:
		return fmt.Sprintf("? %d of %d unknown", t.unknown, total)
	}
	return fmt.Sprintf("✓ %d of %d kept", t.kept, total)
}

// promiseWords is the promise of a result, or its checker's name where it has no words.
func promiseWords(result checker.Result) string {
	if result.Promise != "" {
		return sentence(result.Promise)
	}
	return name(result.Checker)
}

// functionOrder puts what people know first.
var functionOrder = []history.Function{
	history.Read, history.SyncRead, history.QuorumRead, history.CacheRead, history.Lookup, history.CacheLookup, history.Stat, history.Watch,
	history.Owners, history.Pair, history.Write, history.CAS, history.Remove, history.CreateSequential, history.MultiWrite,
	history.MultiFail, history.Check, history.Register, history.Deregister, history.Own, history.Close, history.Die, history.Home,
}

func compareFunctions(a, b history.Function) int {
	return cmp.Or(cmp.Compare(rank(functionOrder, a), rank(functionOrder, b)), strings.Compare(string(a), string(b)))
}

var sideOrder = []string{"", string(checker.Majority), string(checker.Minority), string(checker.CutOff), string(checker.Changing)}

func compareSides(a, b string) int {
	return cmp.Or(cmp.Compare(rank(sideOrder, a), rank(sideOrder, b)), strings.Compare(a, b))
}

var phaseOrder = []string{string(history.Warmup), string(history.Faults), string(history.Quiet), ""}

func comparePhases(a, b string) int {
	return cmp.Or(cmp.Compare(rank(phaseOrder, a), rank(phaseOrder, b)), strings.Compare(a, b))
}

// measureOrder is the order of the rows of tables of measures.
var measureOrder = []string{
	"success", "longest outage", "time to first success after fault", "time to first success after heal",
	"latency p50", "latency p99", "stale reads", "staleness p50", "staleness p99", "staleness max",
	"versions behind max", "ghosts", "ghost age p50", "ghost age max", "ghost corrected p50", "ghost corrected max",
	"ghosts left", "missing", "missing longest",
}

func compareMeasures(a, b string) int {
	return cmp.Or(cmp.Compare(rank(measureOrder, a), rank(measureOrder, b)), strings.Compare(a, b))
}

// rank is the position in a list, or behind it.
func rank[T comparable](order []T, item T) int {
	if at := slices.Index(order, item); at >= 0 {
		return at
	}
	return len(order)
}

// functionWords names many operations of a function, for sentences.
func functionWords(f history.Function) string {
	switch f {
	case history.Read:
		return "reads"
	case history.SyncRead:
		return "reads after sync"
	case history.QuorumRead:
		return "quorum reads"
	case history.Write:
		return "writes"
	case history.CAS:
		return "compare-and-sets"
	case history.Register:
		return "registrations"
	case history.Deregister:
		return "deregistrations"
	case history.Lookup:
		return "lookups"
	case history.CacheLookup:
		return "cached lookups"
	case history.CacheRead:
		return "reads of copies"
	case history.Stat:
		return "reads of versions"
	case history.Watch:
		return "reads with a watch"
	case history.Owners:
		return "listings of owners"
	case history.Pair:
		return "reads of pairs"
	case history.Remove:
		return "removals"
	case history.CreateSequential:
		return "sequential creates"
	case history.MultiWrite:
		return "transactions"
	case history.MultiFail:
		return "transactions to be refused"
	case history.Check:
		return "checks to be refused"
	case history.Own:
		return "ephemeral creates"
	case history.Close:
		return "closings of sessions"
	case "":
		return "requests"
	}
	return name(string(f))
}

// valueWords writes a measure's value with its unit.
func valueWords(m checker.Measure) string {
	switch m.Unit {
	case checker.Milliseconds:
		return duration(m.Value)
	case checker.Ratio:
		return percent(m.Value)
	}
	if m.Value == float64(int(m.Value)) {
		return thousands(int(m.Value))
	}
	return fmt.Sprintf("%.2f", m.Value)
}

// MeasureWords is a measure's value with its unit, as reports write it.
func MeasureWords(m checker.Measure) string { return valueWords(m) }
