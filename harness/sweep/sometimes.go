package sweep

import (
	"fmt"
	"strings"
	"time"

	"cleave/checker"
	"cleave/harness"
	"cleave/nemesis"
)

// Sometimes is something that must happen in some run of a sweep: if it never does, the sweep has not
// tried what it is for.
type Sometimes struct {
	System   string // and its profiles; "" for any
	Workload string // "" for any
	Faults   string // as in a plan: a kind, a suite or "random"; "" for any
	State    string // as in Record.States
	Within   int    // runs in which it must have happened once; a smaller sweep is not asked
}

// Must lists what must happen sometimes. Within is about ten times as many runs as it took on average when it
// was measured, or more.
var Must = []Sometimes{
	{"cpstore", "", "", stateElection, 1},
	{"cpstore", "", "random", stateChange, 20},
	{"cpstore", "", "random", stateRestart, 50},
	{"cpstore", "", "random", stateQuorumLost, 50},
	{"cpstore", "", "random", stateMinority, 20},
	{"cpstore", "", "random", stateOverlap, 50},
	{"cpstore", "", "random", stateLeaderless, 100},
	{"cpstore", "", "random", stateInfo, 20},
	{"cpstore", "", "random", stateSeveralTerms, 50},
	{"cpstore", "", "random", stateExpiredCut, 50},
	{"cpstore", "", "random", stateTaken, 20},
	{"cpstore", "", "random", stateInstalled, 50},
	{"cpstore", "register", "random", stateTornLog, 3000},

	{"cpstore", "register", "smoke", stateChange, 20},
	{"cpstore", "register", "smoke", stateRestart, 50},
	{"cpstore", "register", "smoke", stateInstalled, 50},
	{"cpstore", "register", "smoke", stateExpiredCut, 50},
	{"cpstore", "register", "partitions", stateChange, 20},
	{"cpstore", "register", "partitions", stateMinority, 20},
	{"cpstore", "register", "partitions", stateQuorumLost, 50},
	{"cpstore", "register", "partitions", stateInstalled, 50},
	{"cpstore", "register", "partitions", stateExpiredCut, 50},
	{"cpstore", "register", "partitions", stateLeaderless, 100},
	{"cpstore", "register", "crash", stateChange, 20},
	{"cpstore", "register", "crash", stateRestart, 20},
	{"cpstore", "register", "crash", stateQuorumLost, 50},
	{"cpstore", "register", "crash", stateInstalled, 50},
	{"cpstore", "register", "crash", stateTornLog, 100},
	{"cpstore", "register", "disk", stateRestart, 20},
	{"cpstore", "register", "disk", stateHalt, 50},
	{"cpstore", "register", "disk", stateNoSpace, 50},
	{"cpstore", "register", "disk", stateTornLog, 50},
	{"cpstore", "register", "clock", stateChange, 20},
	{"cpstore", "register", "clock", stateExpiredCut, 100},
	{"cpstore", "register", "everything", stateChange, 20},
	{"cpstore", "register", "everything", stateRestart, 20},
	{"cpstore", "register", "everything", stateMinority, 20},
	{"cpstore", "register", "everything", stateQuorumLost, 50},
	{"cpstore", "register", "everything", stateOverlap, 50},
	{"cpstore", "register", "everything", stateInstalled, 50},
	{"cpstore", "register", "everything", stateExpiredCut, 50},
	{"cpstore", "register", "everything", stateTornLog, 100},
	{"cpstore", "register", "everything", stateHalt, 100},
	{"cpstore", "register", "everything", stateNoSpace, 250},
	{"cpstore", "register", "everything", stateLeaderless, 200},
	{"cpstore", "", "everything", stateMembers, 100},
	{"cpstore", "", "everything", stateReplaced, 250},
	{"cpstore", "", "everything", stateOutLost, 500},
	{"cpstore", "register", "membership", stateMembers, 20},
	{"cpstore", "register", "membership", stateReplaced, 50},
	{"cpstore", "register", "membership", stateInstalled, 50},
	{"cpstore", "register", "membership", stateChange, 50},
	{"cpstore", "register", "membership", stateOutLost, 250},
	{"apregistry", "", "membership", statePeers, 50},
	{"apregistry", "", "membership", statePeerBack, 50},
	{"apregistry", "convergence", "membership", statePreservingOut, 100},
	{"apregistry", "", "random", stateSplit, 20},
	{"apregistry", "", "random", stateOverlap, 50},
	{"apregistry", "", "random", statePreserving, 20},
	{"apregistry", "convergence", "random", statePreserved, 100},
	{"apregistry", "discovery", "random", stateEvicted, 50},
	{"apregistry", "convergence", "random", stateEvicted, 100},
	{"apregistry", "discovery", "random", stateEvictedFault, 100},
	{"apregistry", "convergence", "random", stateEvictedFault, 200},
	{"apregistry", "self-preservation", "random", stateEvictedFault, 100},
	{"apregistry", "convergence", "everything", stateSplit, 20},
	{"apregistry", "convergence", "everything", statePreserving, 20},
	{"apregistry", "convergence", "everything", statePreserved, 50},
	{"apregistry", "convergence", "everything", stateEvicted, 50},
	{"apregistry", "convergence", "everything", stateEvictedFault, 100},
	{"apregistry", "convergence", "everything", stateOverlap, 50},
	{"apregistry", "", "everything", statePeers, 100},
	{"apregistry", "", "everything", statePeerBack, 100},
	{"apregistry", "convergence", "everything", statePreservingOut, 500},
}

// usual tells whether a plan is large enough for what was measured to hold: at least as many nodes and clients,
// as long a time for faults, as often operations and as short leases as in the default plan, or nearly.
func usual(plan harness.Plan) bool {
	other := harness.DefaultPlan()
	window, least := plan.Window(), other.Window()
	const seldom = nemesis.Duration(time.Second)
	return plan.Nodes >= other.Nodes && plan.Clients >= other.Clients && window.End-window.Start >= least.End-least.Start &&
		plan.Scale >= other.Scale && plan.Every <= seldom
}

// applies tells whether a record's sweep is one of those that are asked.
func (s Sometimes) applies(r *Record) bool {
	return (s.System == "" || s.System == r.Plan.System || strings.HasPrefix(r.Plan.System, s.System+"-")) &&
		(s.Workload == "" || s.Workload == r.Plan.Workload) && (s.Faults == "" || s.Faults == r.Plan.Faults) &&
		r.Runs()-r.Broken >= s.Within
}

// Never are those things that must happen sometimes and did not. Nothing is asked of plans that are smaller than
// the default one.
func (r *Record) Never() []Sometimes {
	var never []Sometimes
	if !usual(r.Plan) {
		return nil
	}
	for _, one := range Must {
		if one.applies(r) && r.reached(one.State) == 0 {
			never = append(never, one)
		}
	}
	return never
}

// reached is in how many runs a state was reached.
func (r *Record) reached(state string) int {
	for _, one := range r.States {
		if one.Name == state {
			return one.Runs
		}
	}
	return 0
}

// Judge gives the verdict on a sweep: invalid if any run was; else unknown, with the reasons, if a run came to
// nothing or was not the same a second time, if more runs were unknown than are tolerated, if something that
// must happen sometimes never did, or if there was no run; else valid.
func (r *Record) Judge() (checker.Verdict, []string) {
	var reasons []string
	doubt := func(is bool, format string, values ...any) {
		if is {
			reasons = append(reasons, fmt.Sprintf(format, values...))
		}
	}
	doubt(r.Runs() == 0, "there was no run")
	doubt(len(r.Diverged) > 0, "%s not the same when run twice", were(len(r.Diverged)))
	doubt(r.Broken > 0, "%s came to nothing", runs(r.Broken))
	doubt(100*r.Unknown > r.Tolerance*r.Runs(), "%d of %s unknown, and %d %% are tolerated", r.Unknown, were(r.Runs()), r.Tolerance)
	for _, never := range r.Never() {
		doubt(true, "it never happened that %s; in %d runs it should", never.State, never.Within)
	}
	switch {
	case r.Invalid > 0:
		return checker.Invalid, reasons
	case len(reasons) > 0:
		return checker.Unknown, reasons
	}
	return checker.Valid, nil
}

func runs(count int) string {
	if count == 1 {
		return "1 run"
	}
	return fmt.Sprintf("%d runs", count)
}

func were(count int) string {
	if count == 1 {
		return "1 run was"
	}
	return fmt.Sprintf("%d runs were", count)
}
