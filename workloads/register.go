package workloads

import (
	"slices"
	"time"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
	"cleave/models"
)

// registerKeys are the registers that all clients share.
var registerKeys = []string{"x", "y", "z"}

// Register is the workload of reading, writing and comparing-and-setting a few shared registers: on
// a CP store they are znodes, on an AP registry the metadata of instances.
func Register() Workload {
	return Workload{
		Name:     "register",
		Summary:  "clients read, write and compare-and-set three shared registers; every written value is unique",
		Plan:     planRegister,
		Promises: registerPromises,
		Measures: registerMeasures,
	}
}

// choice is a function with its share of the operations.
type choice struct {
	function history.Function
	share    int64
}

// registerMix is what clients of each kind of system do, in shares of 100.
func registerMix(guarantee Guarantee) []choice {
	if guarantee == Consistent {
		return []choice{{history.Read, 25}, {history.SyncRead, 10}, {history.QuorumRead, 20}, {history.Write, 30}, {history.CAS, 15}}
	}
	return []choice{{history.Read, 55}, {history.Write, 30}, {history.CAS, 15}}
}

func pick(mix []choice, stream *rng.Stream) history.Function {
	left := stream.Below(100)
	for _, c := range mix {
		if left -= c.share; left < 0 {
			return c.function
		}
	}
	return mix[0].function
}

// planRegister plans operations until the system is to settle, and then final reads of every
// register by every client, each from the node beside it.
func planRegister(shape Shape) []Planned {
	plan := make([]Planned, 0, len(shape.Clients)*(int(shape.Quiet/shape.Every)+2*len(registerKeys)+2))
	mix := registerMix(shape.Guarantee)
	writesEnd := shape.Quiet + shape.Settle/2
	for number, place := range shape.Clients {
		stream := rng.New(shape.Seed, registerKey, uint64(number))
		value := int64(number)
		for at := time.Duration(stream.Below(int64(shape.Every))); at < writesEnd; at += spread(stream, shape.Every) {
			request := history.Request{Function: pick(mix, stream), Key: registerKeys[stream.Below(int64(len(registerKeys)))]}
			value += int64(len(shape.Clients)) // no two attempts write the same
			switch request.Function {
			case history.Write:
				request.Value = history.Integer(value)
			case history.CAS:
				request.Value = history.List(history.Nothing, history.Integer(value))
			}
			plan = append(plan, Planned{At: history.Time(at), Client: place.Client, Request: request})
		}
		plan = append(plan, finalReads(shape, place.Client, history.Read, registerKeys)...)
	}
	return inOrder(plan)
}

// registerKey and its like name the streams of each workload.
const (
	registerKey = iota + 1
	discoveryKey
	lookupKey
	watchesKey
	sessionsKey
	sequencesKey
	multiKey
	convergenceKey
	followKey
	preservationKey
	overrideKey
	electionKey
	lockKey
	queueKey
	barrierKey
	consumersKey
	schedulerKey
	configKey
	groupKey
	dubboKey
	namingKey
	echoKey
	uniqueIDsKey
	broadcastKey
	gSetKey
	gCounterKey
	pnCounterKey
	linKVKey
	kafkaKey
	listAppendKey
	rwRegisterKey
)

// spread is a wait of half to one and a half times a mean.
func spread(stream *rng.Stream, mean time.Duration) time.Duration {
	return time.Duration(stream.Between(int64(mean/2), int64(mean*3/2)))
}

// finalReads has a client go home and read every key, twice, once the system has settled.
func finalReads(shape Shape, client string, function history.Function, keys []string) []Planned {
	requests := make([]history.Request, len(keys))
	for i, key := range keys {
		requests[i] = history.Request{Function: function, Key: key}
	}
	return finalRequests(shape, client, requests)
}

// finalRequests is the same with any requests.
func finalRequests(shape Shape, client string, requests []history.Request) []Planned {
	return inTheEnd(shape, client, append(slices.Clip(requests), requests...))
}

// inTheEnd has a client go home and make requests, once the system has settled.
func inTheEnd(shape Shape, client string, requests []history.Request) []Planned {
	at := history.Time(shape.Quiet + shape.Settle)
	plan := []Planned{{At: at, Client: client, Request: history.Request{Function: history.Home}, Must: true}}
	for _, request := range requests {
		at += history.Time(20 * time.Millisecond)
		plan = append(plan, Planned{At: at, Client: client, Request: request, Must: true})
	}
	return plan
}

func registerPromises(guarantee Guarantee, c Conditions) []Promise {
	writes := []history.Function{history.Write, history.CAS}
	switch guarantee {
	case Linearizable:
		return []Promise{
			{"reads and writes are linearizable", checker.Linearizable{Model: models.Register(), Functions: append(writes, history.Read)}},
			{"whoever reaches a quorum is served", checker.Availability{Grace: c.Grace, Boot: c.Boot, OnDemand: c.OnDemand}},
			{"all nodes agree after the heal", checker.Convergence{Functions: []history.Function{history.Read}, Settle: c.Spread, Alone: true}},
			{"no two leaders in one term", checker.ElectionSafety{Leaderless: true}},
			{"no node breaks an invariant of its own", checker.NoPanic{}},
		}
	case Consistent:
		return []Promise{
			{"writes and quorum-synced reads are linearizable", checker.Linearizable{Model: models.Register(), Functions: append(writes, history.QuorumRead)}},
			{"no session ever sees the state go back", checker.Sequential{Functions: append(writes, history.Read, history.SyncRead, history.QuorumRead)}},
			{"whoever reaches a quorum is served", checker.Availability{Grace: c.Grace, Boot: c.Boot}},
			{"all nodes agree after the heal", checker.Convergence{Functions: []history.Function{history.Read}, Settle: c.Spread}},
			{"no two leaders in one term", checker.ElectionSafety{}},
			{"no node breaks an invariant of its own", checker.NoPanic{}},
		}
	}
	return []Promise{
		{"whoever reaches any node is served", checker.Availability{Grace: c.Grace, Boot: c.Boot, OnDemand: c.OnDemand}},
		{"all nodes agree after the heal", checker.Convergence{Functions: []history.Function{history.Read}, Settle: c.Spread}},
		{"no node breaks an invariant of its own", checker.NoPanic{}},
	}
}

func registerMeasures(guarantee Guarantee, c Conditions) []Promise {
	writes := []history.Function{history.Write, history.CAS}
	if guarantee == Consistent {
		reads := []history.Function{history.Read, history.SyncRead, history.QuorumRead}
		return []Promise{
			{"how consistent all reads and writes together are", checker.Strongest{Functions: append(writes, reads...)}},
			{"how old what was read was", checker.Staleness{Functions: reads, Writes: writes}},
			{"how far from atomic reads and writes are", checker.Atomicity{Functions: reads, Writes: writes}},
			{"are reads after ZooKeeper's own sync linearizable too?",
				checker.Linearizable{Model: models.Register(), Functions: append(writes, history.SyncRead)}},
			{"are local reads linearizable too?", checker.Linearizable{Model: models.Register(), Functions: append(writes, history.Read)}},
			{"for how long each side still answers", checker.LastAnswer{}},
		}
	}
	if guarantee == Linearizable {
		return []Promise{
			{"how consistent all reads and writes together are", checker.Strongest{Functions: append(writes, history.Read)}},
			{"for how long each side still answers", checker.LastAnswer{}},
		}
	}
	return []Promise{
		{"how consistent all reads and writes together are", checker.Strongest{Functions: append(writes, history.Read)}},
		{"how old what was read was", checker.Staleness{Functions: []history.Function{history.Read}, Writes: writes}},
		{"how far from atomic reads and writes are", checker.Atomicity{Functions: []history.Function{history.Read}, Writes: writes}},
		{"is anything linearizable?", checker.Linearizable{Model: models.Register(), Functions: append(writes, history.Read)}},
		{"does a client ever see the state go back?", checker.Sequential{Functions: append(writes, history.Read), PerKey: true}},
	}
}
