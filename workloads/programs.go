package workloads

import (
	"fmt"
	"time"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
)

// What the workloads for programs share: those that Maelstrom knows, by its names, for nodes that speak its protocol.

// ConsistencyModels are the names of the consistency models of transactions that a system can promise, the strongest first.
func ConsistencyModels() []string { return checker.ConsistencyModels() }

// requested has every client ask for something now and then, until half the time to settle is over.
func requested(shape Shape, key uint64, next func(stream *rng.Stream) history.Request) []Planned {
	var plan []Planned
	for number, place := range shape.Clients {
		stream := rng.New(shape.Seed, key, uint64(number))
		for at := time.Duration(stream.Below(int64(shape.Every))); at < shape.Quiet+shape.Settle/2; at += spread(stream, shape.Every) {
			plan = append(plan, Planned{At: history.Time(at), Client: place.Client, Request: next(stream)})
		}
	}
	return inOrder(plan)
}

// numbered gives the requests with a function the values 1, 2, 3, ... in order of time, so that no two are the same.
func numbered(plan []Planned, function history.Function) []Planned {
	value := int64(0)
	for i := range plan {
		if plan[i].Function == function {
			value++
			plan[i].Value = history.Integer(value)
		}
	}
	return plan
}

// withFinalReads adds that every client reads a key of the node beside it in the end.
func withFinalReads(shape Shape, plan []Planned, key string) []Planned {
	for _, place := range shape.Clients {
		plan = append(plan, finalReads(shape, place.Client, history.Read, []string{key})...)
	}
	return inOrder(plan)
}

// pool is a number of keys in use at a time, each of which makes place for a new one after so many writes, so that what is
// kept under a key stays short.
type pool struct {
	most    int   // writes of a key
	current []int // the keys in use
	written []int // how often each key was written, all that there were
}

func newPool(keys, most int) *pool {
	p := &pool{most: most}
	for key := range keys {
		p.current, p.written = append(p.current, key), append(p.written, 0)
	}
	return p
}

// write is the key to be written at a place of the pool, and the how manieth write of it that is, from 1.
func (p *pool) write(at int) (key, count int) {
	key = p.current[at]
	p.written[key]++
	count = p.written[key]
	if count == p.most {
		p.current[at], p.written = len(p.written), append(p.written, 0)
	}
	return key, count
}

// served is the promise of who is answered; the words are by the guarantee, and how many nodes a quorum is the run says.
func served(guarantee Guarantee, c Conditions) Promise {
	text := "whoever reaches a quorum is served"
	if guarantee == Available {
		text = "whoever reaches any node is served"
	}
	return Promise{text, checker.Availability{Grace: c.Grace, Boot: c.Boot, OnDemand: c.OnDemand}}
}

// sound is the promise that no node breaks down, and all keep to the protocol.
func sound() Promise { return Promise{"no node breaks an invariant of its own", checker.NoPanic{}} }

// lastAnswers is what is measured of every workload for programs.
func lastAnswers(Guarantee, Conditions) []Promise {
	return []Promise{{"for how long each side still answers", checker.LastAnswer{}}}
}

// transactional is the checker of the consistency model that a guarantee is the name of; strict serializability if it is none's.
func transactional(guarantee Guarantee) Promise {
	judge, is := checker.IsolatedAs(string(guarantee))
	if !is {
		judge = checker.Isolated{}
	}
	return Promise{fmt.Sprintf("the transactions are %s", judge.Name()), judge}
}
