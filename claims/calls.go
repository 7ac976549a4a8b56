package claims

import "cleave/history"

// reached is the part of consumers' calls that reached a live instance during the faults.
func reached(name, side string, f history.Function) Number {
	return Number{Checker: "calls", Name: name, Side: side, Phase: history.Faults, F: f}
}

// How often a call is tried.
const first, retried = "calls reached", "calls reached with a retry"

// comparisons are claims on which registry serves callers better.
var comparisons = []Claim{
	{
		ID: "stale-beats-none", Says: "For discovery, old information is better than none.",
		Source: Source{"Knewton (2014); Netflix on Eureka", "A list that may be wrong lets most calls through; no list lets none through."},
		Worded: []Finding{
			{Shows: "calls of the minority side that reached a live instance: AP registry less CP store",
				Of: callsRegistry, Number: reached(first, minority, history.Lookup),
				Minus: &Subtrahend{Of: callsStore, Number: reached(first, minority, history.Lookup)}, Must: some},
		},
		Found:     Supported,
		Precisely: "On the side without a quorum a list with dead entries reaches more than no list does, the more so with a retry.",
		Bounds: []Finding{
			{Shows: "calls of the minority side that reached a live instance with a retry: AP registry less CP store",
				Of: callsRegistry, Number: reached(retried, minority, history.Lookup),
				Minus: &Subtrahend{Of: callsStore, Number: reached(retried, minority, history.Lookup)}, Must: some},
		},
		Real: true,
	},
	{
		ID: "stale-always-beats", Says: "An AP registry gives callers more successful calls than a CP store.",
		Source: Source{"Comparisons of ZooKeeper and Eureka as registries",
			"For service discovery Eureka is the better choice, as availability matters more than consistency."},
		Worded: []Finding{
			{Shows: "calls of the majority side that reached a live instance in a partition: AP registry less CP store",
				Of: callsRegistry, Number: reached(first, majority, history.Lookup),
				Minus: &Subtrahend{Of: callsStore, Number: reached(first, majority, history.Lookup)}, Must: atLeast(0)},
			{Shows: "the same with instances that crash and nothing cut", Of: callsCalm, Number: reached(first, majority, history.Lookup),
				Minus: &Subtrahend{Of: callsStoreCalm, Number: reached(first, majority, history.Lookup)}, Must: atLeast(0)},
		},
		Found: Refuted,
		Because: "Where a quorum is reached, the store lists fewer of the dead: leases are longer than sessions, and self-preservation keeps the dead " +
			"of a small service.",
		Precisely: "Only on the side without a quorum. Where there is one the CP store gives more, without a retry and with one.",
		Bounds: []Finding{
			{Shows: "calls that reached a live instance, instances crash and nothing is cut: CP store less AP registry",
				Of: callsStoreCalm, In: InMost, Number: reached(first, majority, history.Lookup),
				Minus: &Subtrahend{Of: callsCalm, Number: reached(first, majority, history.Lookup)}, Must: some},
		},
		Real: true,
	},
}
