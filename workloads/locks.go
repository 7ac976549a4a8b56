package workloads

import (
	"time"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
)

// lockNames are the locks: of the second, readers share.
func lockNames() []string { return []string{"lock-a", "lock-b"} }

// Lock is the workload of exclusive and shared locks by the published recipe, held by careful clients, who let go when
// their connection is lost.
func Lock() Workload {
	return Workload{
		Name:     "lock",
		Summary:  "clients wait for two locks by numbered ephemeral znodes, one exclusive, one shared by readers, write what it protects, and let go",
		Plan:     planLocks,
		Promises: lockPromises,
		Measures: lockMeasures,
	}
}

// FencedLock is the same with careless clients, who believe that they hold what they have acquired until they release it.
// Then two may, and the tokens of their writes must do what the lock does not.
func FencedLock() Workload {
	return Workload{
		Name:     "fenced-lock",
		Summary:  "clients hold locks until they release them, whatever becomes of their sessions, and write with fencing tokens",
		Plan:     planLocks,
		Promises: fencedLockPromises,
		Measures: fencedLockMeasures,
	}
}

// planLocks has every client acquire a lock, write, and release it, again and again, until half of the time in which
// the system is to settle has passed; a client dies now and then. In the end all is let go.
//
//	c3 |==acquire a===write==write==release a|  |==acquire b shared==list==release b|  ...
func planLocks(shape Shape) []Planned {
	var plan []Planned
	for number, place := range shape.Clients {
		stream := rng.New(shape.Seed, lockKey, uint64(number))
		at, value := time.Duration(stream.Below(int64(4*shape.Every))), int64(number)
		add := func(must bool, function history.Function, key string, argument history.Value) {
			plan = append(plan, Planned{At: history.Time(at), Client: place.Client, Must: must,
				Request: history.Request{Function: function, Key: key, Value: argument}})
			at += spread(stream, shape.Every)
		}
		for at < shape.Quiet+shape.Settle/2 {
			key, how := lockNames()[stream.Below(2)], history.Nothing
			if key == lockNames()[1] && stream.Chance(2, 3) {
				how = history.Text("shared")
			}
			add(false, history.Acquire, key, how)
			work, long := 1+stream.Below(3), stream.Chance(1, 4) && at < shape.Quiet-2*lastFarewell
			if long {
				work = 30 // for longer than a session lasts without a connection, and to the end
			}
			for range work {
				if how.IsNothing() {
					value += int64(len(shape.Clients))
					add(long, history.Write, key+"-state", history.Integer(value))
				} else {
					add(long, history.Children, key, history.Nothing)
				}
			}
			if at < shape.Quiet-lastFarewell && stream.Chance(1, 30) {
				add(true, history.Die, "", history.Nothing)
			} else {
				add(true, history.Release, key, history.Nothing)
			}
			at += time.Duration(stream.Below(int64(10 * shape.Every)))
		}
		plan = append(plan, finalReads(shape, place.Client, history.Children, lockNames())...)
	}
	return inOrder(plan)
}

func lockPromises(_ Guarantee, c Conditions) []Promise {
	return append([]Promise{{"no two clients believe that they hold a lock that they do not share", checker.OneHolder{}}}, eitherLock(c)...)
}

func lockMeasures(Guarantee, Conditions) []Promise { return nil }

func fencedLockPromises(_ Guarantee, c Conditions) []Promise { return eitherLock(c) }

func fencedLockMeasures(Guarantee, Conditions) []Promise {
	return []Promise{{"for how long do two clients believe that they hold a lock?", checker.OneHolder{}}}
}

// eitherLock is promised of locks whatever their holders do.
func eitherLock(c Conditions) []Promise {
	exclusive := lockNames()[0] // of the other, one release may wake many, by right
	return []Promise{
		{"no write with an old holder's token is accepted", checker.FencedWrites{}},
		{"all nodes agree after the heal", checker.Convergence{Functions: []history.Function{history.Children}, Settle: c.Spread}},
		{"no two leaders in one term", checker.ElectionSafety{}},
		{"no node breaks an invariant of its own", checker.NoPanic{}},
		{"one release of " + exclusive + " wakes one, or those who share it", checker.NoHerd{Parent: "/" + exclusive}},
	}
}
