package workloads

import (
	"fmt"
	"time"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
)

// The znodes of the workload. Each of the watched ones is written by one client, or by few, so that the
// order of its changes is mostly known; the last of them come and go. Below the family children do.
const (
	watchedRoot  = "w"
	watchedCount = 8
	fleeting     = 2 // of the watched ones
	family       = "w/family"
)

// The kinds of watches.
var (
	onData       = history.Text("data")
	onExistence  = history.Text("exist")
	onChildren   = history.Text("children")
	persistently = history.Text("persistent")
	recursively  = history.Text("recursive")
)

// Watches is the workload of clients that write a few znodes and watch each other's, with watches of
// every kind.
func Watches() Workload {
	return Workload{
		Name:     "watches",
		Summary:  "clients write znodes and watch each other's, once, for good, and with all that is below",
		Plan:     planWatches,
		Promises: watchesPromises,
		Measures: watchesMeasures,
	}
}

// watched is the key of a watched znode.
func watched(number int) string { return fmt.Sprintf("%s/%d", watchedRoot, number) }

// watchedKeys are all of them.
func watchedKeys() []string {
	keys := make([]string, watchedCount)
	for number := range keys {
		keys[number] = watched(number)
	}
	return keys
}

// planWatches plans writes until half of the time to settle is over, watches and stats until its end,
// and then final stats of every watched znode by every client, each from the node beside it.
func planWatches(shape Shape) []Planned {
	var plan []Planned
	for number, place := range shape.Clients {
		w := watcher{shape: shape, number: number, stream: rng.New(shape.Seed, watchesKey, uint64(number)), value: int64(number)}
		w.mine = ownedBy(number, len(shape.Clients))
		for at := time.Duration(w.stream.Below(int64(shape.Every))); at < shape.Quiet+shape.Settle; at += spread(w.stream, shape.Every) {
			request := w.look()
			if at < shape.Quiet+shape.Settle/2 && w.stream.Chance(2, 5) {
				request = w.change()
			}
			plan = append(plan, Planned{At: history.Time(at), Client: place.Client, Request: request})
		}
		plan = append(plan, finalReads(shape, place.Client, history.Stat, watchedKeys())...)
	}
	return inOrder(plan)
}

// ownedBy are the watched znodes that a client writes.
func ownedBy(number, clients int) []int {
	var mine []int
	for znode := range watchedCount {
		if znode%clients == number%watchedCount {
			mine = append(mine, znode)
		}
	}
	return mine
}

// watcher is one client of the workload.
type watcher struct {
	shape  Shape
	number int
	stream *rng.Stream
	value  int64
	mine   []int // the znodes that it writes
	child  bool  // whether its child was made last, and not removed
}

// change writes one of its znodes, or takes a fleeting one away; or its child comes or goes.
func (w *watcher) change() history.Request {
	if len(w.mine) == 0 || w.stream.Chance(1, 4) {
		return w.turn()
	}
	znode := w.mine[w.stream.Below(int64(len(w.mine)))]
	if znode >= watchedCount-fleeting && w.stream.Chance(2, 5) {
		return history.Request{Function: history.Remove, Key: watched(znode)}
	}
	return w.write(watched(znode))
}

// write sets a znode to what was never written before.
func (w *watcher) write(key string) history.Request {
	w.value += int64(len(w.shape.Clients))
	return history.Request{Function: history.Write, Key: key, Value: history.Integer(w.value)}
}

// turn has the client's child in the family come, or go.
func (w *watcher) turn() history.Request {
	key := fmt.Sprintf("%s/%d", family, w.number)
	if w.child = !w.child; w.child {
		return w.write(key)
	}
	return history.Request{Function: history.Remove, Key: key}
}

// look reads a znode, and mostly arms a watch. Of every five clients one watches all that there is for
// good, and one watches three znodes so; the others, with one-shot watches alone, can tell an event
// that nothing explains.
func (w *watcher) look() history.Request {
	some := watched(int(w.stream.Below(watchedCount)))
	draw := w.stream.Below(100)
	switch {
	case draw < 35:
		return history.Request{Function: history.Stat, Key: some}
	case draw < 45 && w.number%5 == 0:
		return history.Request{Function: history.Watch, Key: watchedRoot, Value: recursively}
	case draw < 50 && w.number%5 == 1:
		return history.Request{Function: history.Watch, Key: watched((w.number + int(w.stream.Below(3))) % watchedCount), Value: persistently}
	case draw < 75:
		return history.Request{Function: history.Watch, Key: some, Value: onData}
	case draw < 85:
		return history.Request{Function: history.Watch, Key: watched(watchedCount - 1 - int(w.stream.Below(fleeting))), Value: onExistence}
	case draw < 90:
		return history.Request{Function: history.Watch, Key: some, Value: onExistence}
	}
	return history.Request{Function: history.Watch, Key: family, Value: onChildren}
}

func watchesPromises(_ Guarantee, c Conditions) []Promise {
	return append([]Promise{
		{"every event is due to a watch, and a one-shot watch fires once", checker.OneShot{}},
		{"a change is told before any answer shows it", checker.EventBeforeData{}},
		{"no watch misses a change while its client is connected", checker.NoMissedEvent{Settle: c.Settle}},
		{"events come in the order of the changes", checker.EventOrder{}},
	}, storePromises(c, c.Spread, history.Stat, history.Stat, history.Watch, history.Write, history.Remove)...)
}

func watchesMeasures(Guarantee, Conditions) []Promise {
	return []Promise{{"the changes that one-shot watches do not tell", checker.Untold{}}}
}
