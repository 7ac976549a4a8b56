package workloads

import (
	"fmt"
	"time"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
)

// owned is the parent of all ephemeral znodes.
const owned = "e"

// Sessions is the workload of clients that own ephemeral znodes, list everybody's with their owners,
// close their sessions or leave them to expire, and open others. They write besides: that shows that
// their sessions live, and makes a log long enough for snapshots to be taken while they do.
func Sessions() Workload {
	return Workload{
		Name:     "sessions",
		Summary:  "clients own ephemeral znodes, list everybody's, close their sessions or leave them to expire",
		Plan:     planSessions,
		Promises: sessionsPromises,
		Measures: nothingMeasured,
	}
}

// mostOwned is how many znodes a session owns at most, and mostOwners how many clients own any: few, for
// every listing shows all of them.
const (
	mostOwned  = 4
	mostOwners = 20
)

// lastFarewell is how long before the quiet phase the last session ends: such that no farewell is put
// off into it by an operation that waits in vain.
const lastFarewell = 3 * time.Second

// planSessions plans sessions and writes until the quiet phase, listings until the system has settled, and
// final listings by every client, each from the node beside it.
//
//	c3 |==own e/c3-1==own e/c3-2=======close|==own e/c3-3=====die|== ...
func planSessions(shape Shape) []Planned {
	var plan []Planned
	for number, place := range shape.Clients {
		stream := rng.New(shape.Seed, sessionsKey, uint64(number))
		count, held, value, ends := 0, 0, int64(number), lifetime(stream)
		for at := time.Duration(stream.Below(int64(shape.Every))); at < shape.Quiet+shape.Settle; at += spread(stream, shape.Every) {
			next := Planned{At: history.Time(at), Client: place.Client, Request: history.Request{Function: history.Owners, Key: owned}}
			switch {
			case at >= shape.Quiet-lastFarewell:
			case at >= ends:
				next.Request, next.Must = history.Request{Function: farewell(stream), Key: owned}, true
				held, ends = 0, at+lifetime(stream)
			case number < mostOwners && held < mostOwned && stream.Chance(1, 3):
				count++
				held++
				next.Request = history.Request{Function: history.Own, Key: fmt.Sprintf("%s/%s-%d", owned, place.Client, count)}
			case stream.Chance(3, 5):
				value += int64(len(shape.Clients))
				next.Request = history.Request{Function: history.Write, Key: "x", Value: history.Integer(value)}
			}
			plan = append(plan, next)
		}
		plan = append(plan, finalReads(shape, place.Client, history.Owners, []string{owned})...)
	}
	return inOrder(plan)
}

// lifetime is for how long a client keeps a session.
func lifetime(stream *rng.Stream) time.Duration {
	return time.Duration(stream.Between(int64(2*time.Second), int64(10*time.Second)))
}

// farewell is how a session ends.
func farewell(stream *rng.Stream) history.Function {
	if stream.Chance(1, 2) {
		return history.Die
	}
	return history.Close
}

func sessionsPromises(_ Guarantee, c Conditions) []Promise {
	return append([]Promise{
		{"an ephemeral znode lives exactly as long as its session", checker.Ephemerals{}},
		{"nothing is left of sessions that nobody keeps alive", checker.NoDeadOwner{Settle: c.Settle, Allowed: c.Ghost}},
		{"no session expires that nothing disturbs", checker.Continuity{Settle: c.Settle}},
	}, storePromises(c, max(c.Spread, c.Ghost), history.Owners, history.Own, history.Owners, history.Close, history.Write)...)
}
