package workloads

import (
	"time"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
)

// group is the one group that clients are members of.
const group = "group"

// Group is the workload of group membership: clients join a group, leave it and die, each under its own name, and look who
// is a member: in their own views, and at a server.
func Group() Workload {
	return Workload{
		Name:     "group",
		Summary:  "clients join and leave a group, and die; every one keeps a view of who is a member",
		Plan:     planGroup,
		Promises: groupPromises,
		Measures: directoryMeasures(group),
	}
}

// planGroup plans memberships until the quiet phase, and looks until the system has settled. One in five is no
// member in the end.
//
//	c3 |==register group/c3===look===deregister|==look==|==register group/c3===die|==look== ...
func planGroup(shape Shape) []Planned {
	var plan []Planned
	for number, place := range shape.Clients {
		stream := rng.New(shape.Seed, groupKey, uint64(number))
		plan = append(plan, memberships(shape, stream, place.Client, number%5 != 4)...)
		for at := time.Duration(stream.Below(int64(shape.Every))); at < shape.Quiet+shape.Settle; at += spread(stream, shape.Every) {
			function := history.CacheLookup
			if stream.Chance(1, 4) {
				function = history.Lookup
			}
			plan = append(plan, Planned{At: history.Time(at), Client: place.Client, Request: history.Request{Function: function, Key: group}})
		}
		plan = append(plan, finalRequests(shape, place.Client, []history.Request{
			{Function: history.Lookup, Key: group}, {Function: history.CacheLookup, Key: group}})...)
	}
	return inOrder(plan)
}

// memberships plans when a client joins, and leaves or dies, and whether it is a member in the end.
func memberships(shape Shape, stream *rng.Stream, client string, stays bool) (plan []Planned) {
	member := group + "/" + client
	at := time.Duration(stream.Between(int64(200*time.Millisecond), int64(2*time.Second)))
	for {
		plan = append(plan, must(history.Time(at), client, history.Register, member))
		at += time.Duration(stream.Between(int64(5*time.Second), int64(20*time.Second)))
		last := at+3*lastFarewell >= shape.Quiet
		if last && stays {
			return plan
		}
		at = min(at, shape.Quiet-lastFarewell)
		end := history.Deregister
		if stream.Chance(1, 2) {
			end = history.Die
		}
		plan = append(plan, must(history.Time(at), client, end, member))
		if last {
			return plan
		}
		at += time.Duration(stream.Between(int64(time.Second), int64(4*time.Second)))
	}
}

func groupPromises(_ Guarantee, c Conditions) []Promise {
	return append([]Promise{
		{"after the heal every view shows the members, and no others",
			checker.CacheFollows{Service: group, Settle: c.Settle, Notice: max(c.Notice, c.Grace), Allowed: c.Ghost}},
		{"after the heal all views are the same", checker.SameLists{Service: group, Settle: c.Settle, Notice: max(c.Notice, c.Grace)}},
	}, directoryPromises(group, c)...)
}

// directoryPromises are those of lists of ephemeral nodes, whatever they list.
func directoryPromises(key string, c Conditions) []Promise {
	return []Promise{
		{"who registered and was cut off comes back", checker.NoLostRegistration{Service: key, Settle: c.Settle}},
		{"the dead are gone after their session's time", checker.NoGhostForever{Service: key, Settle: c.Settle, Allowed: c.Ghost}},
		{"nothing is listed that was never registered", checker.NoPhantom{Service: key}},
		{"all nodes agree after the heal", checker.Convergence{Functions: []history.Function{history.Lookup}, Settle: max(c.Spread, c.Ghost)}},
		{"no two leaders in one term", checker.ElectionSafety{}},
		{"no node breaks an invariant of its own", checker.NoPanic{}},
	}
}

// directoryMeasures are how true such lists are, as time goes by.
func directoryMeasures(key string) func(Guarantee, Conditions) []Promise {
	return func(_ Guarantee, c Conditions) []Promise {
		return []Promise{
			{"ghosts, missing instances and the age of lists", checker.Discovery{Service: key}},
			{"for how long those who left are listed", checker.Departures{Service: key}},
			{"who registers during a partition, and is found", checker.Newcomers{Service: key, Notice: c.Notice}},
			{"when every list shows every live one", checker.LiveListed{Service: key, Settle: c.Settle, Notice: max(c.Notice, c.Grace)}},
		}
	}
}
