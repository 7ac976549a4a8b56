package workloads

import (
	"time"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
)

// contested is what the clients of an election contend for.
const contested = "election"

// Election is the workload of leader election by the published recipe: clients join and leave, die, list who takes
// part, and write what only the leader may, each time with its token.
func Election() Workload {
	return Workload{
		Name:     "election",
		Summary:  "clients elect a leader among themselves by numbered ephemeral znodes; who leads writes, with a fencing token",
		Plan:     planElection,
		Promises: electionPromises,
		Measures: nothingMeasured,
	}
}

// planElection plans memberships and writes until the quiet phase, and writes alone until the system has settled. In
// the end everybody takes part, and lists who does.
//
//	c3 |==join===write==write======leave|===join=======write=die|===join== ...
func planElection(shape Shape) []Planned {
	var plan []Planned
	for number, place := range shape.Clients {
		stream := rng.New(shape.Seed, electionKey, uint64(number))
		add := func(at time.Duration, must bool, request history.Request) {
			plan = append(plan, Planned{At: history.Time(at), Client: place.Client, Request: request, Must: must})
		}
		joined, value := false, int64(number)
		for at := time.Duration(stream.Below(int64(shape.Every))); at < shape.Quiet+shape.Settle; at += spread(stream, shape.Every) {
			draw := stream.Below(100)
			churns := at < shape.Quiet-lastFarewell
			switch {
			case !joined:
				add(at, true, history.Request{Function: history.Join, Key: contested})
				joined = true
			case churns && draw == 0:
				add(at, true, history.Request{Function: history.Die})
				joined = false
			case churns && draw <= 2:
				add(at, true, history.Request{Function: history.Leave, Key: contested})
				joined = false
			case draw < 30 || calm(shape, at):
				add(at, false, history.Request{Function: history.Children, Key: contested})
			default:
				value += int64(len(shape.Clients))
				add(at, false, history.Request{Function: history.Write, Key: contested + "-state", Value: history.Integer(value)})
			}
		}
		plan = append(plan, finalReads(shape, place.Client, history.Children, []string{contested})...)
	}
	return inOrder(plan)
}

// reelection is how long an election may have nobody in the end: a leader that goes home lets go, and takes over again.
const reelection = 2 * time.Second

func electionPromises(_ Guarantee, c Conditions) []Promise {
	return []Promise{
		{"no two clients believe that they lead", checker.OneHolder{}},
		{"somebody leads in the end", checker.SomebodyHolds{Settle: history.Time(c.Ghost), Allowed: history.Time(reelection), Names: []string{contested}}},
		{"nobody takes part twice in the end", checker.OnePlace{Settle: c.Ghost}},
		{"no write with an old leader's token is accepted", checker.FencedWrites{}},
		{"one departure wakes one", checker.NoHerd{Parent: "/" + contested}},
		{"all nodes agree after the heal", checker.Convergence{Functions: []history.Function{history.Children}, Settle: max(c.Spread, c.Ghost)}},
		{"no two leaders in one term", checker.ElectionSafety{}},
		{"no node breaks an invariant of its own", checker.NoPanic{}},
	}
}
