package invariants

import (
	"cmp"
	"flag"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker/evidence"
	"cleave/history"
	"cleave/internal/rng"
	"cleave/models"
)

var histories = flag.Int("histories", 20_000, "how many random histories each invariant is compared on")

// made makes a history of a few operations with some functions and made-up answers.
func made(seed uint64, act func(o *history.Operation, random *rng.Stream)) []history.Operation {
	random := rng.New(seed)
	clients := 1 + random.Below(3)
	free := make([]history.Time, clients)
	var operations []history.Operation
	for i := range 2 + random.Below(6) {
		client := random.Below(clients)
		start := free[client] + history.Time(1+random.Below(3))
		end := start + history.Time(random.Below(6))
		free[client] = end
		o := history.Operation{ID: int(i) + 1, Client: fmt.Sprintf("c%d", client+1), Process: int(i), Key: "k", Invoked: start, Completed: end, GaveUp: end,
			Outcome: history.Ok}
		act(&o, random)
		if o.Function.Mutates() && random.Chance(1, 5) {
			o.Outcome, o.Completed, o.Result = history.Info, history.Forever, history.Nothing
		}
		operations = append(operations, o)
	}
	slices.SortStableFunc(operations, func(a, b history.Operation) int { return cmp.Compare(a.Invoked, b.Invoked) })
	for i := range operations {
		operations[i].ID = i
	}
	return operations
}

func queued(o *history.Operation, random *rng.Stream) {
	o.Function, o.Argument = history.Enqueue, history.Integer(int64(o.ID))
	if random.Chance(1, 2) {
		o.Function, o.Argument, o.Result = history.Dequeue, history.Nothing, history.Nothing
		if random.Chance(2, 3) {
			o.Result = history.Integer(1 + random.Below(6))
		}
	}
}

func counted(o *history.Operation, random *rng.Stream) {
	o.Function, o.Argument = history.Add, history.Integer(1+random.Below(2))
	if random.Chance(1, 6) {
		o.Argument = history.Integer(-1)
	}
	if random.Chance(1, 2) {
		o.Function, o.Argument, o.Result = history.Read, history.Nothing, history.Integer(random.Below(5))
	}
}

func inSet(o *history.Operation, random *rng.Stream) {
	o.Function, o.Argument = history.Add, history.Integer(int64(o.ID))
	if random.Chance(1, 2) {
		var list []history.Value
		for i := range int64(5) {
			if random.Chance(1, 3) {
				list = append(list, history.Integer(1+i))
			}
		}
		o.Function, o.Argument, o.Result = history.Read, history.Nothing, history.List(list...)
	}
}

func locked(o *history.Operation, random *rng.Stream) {
	o.Function = []history.Function{history.Acquire, history.Release, history.TryLock}[random.Below(3)]
	if o.Function == history.TryLock {
		o.Result = history.Integer(random.Below(2))
	}
}

func fenced(o *history.Operation, random *rng.Stream) {
	o.Function = []history.Function{history.Acquire, history.Release}[random.Below(2)]
	if o.Function == history.Acquire {
		o.Result = history.Integer(1 + random.Below(5))
	}
}

// linearizable tries all orders.
func linearizable(model models.Model, operations []history.Operation) bool {
	done := make([]bool, len(operations))
	var try func(state models.State) bool
	try = func(state models.State) bool {
		left := false
		for i, o := range operations {
			if done[i] {
				continue
			}
			left = left || o.Outcome == history.Ok
			early := true
			for j := range operations {
				early = early && (done[j] || operations[j].Completed >= o.Invoked)
			}
			if possible, next := model.Step(state, o); early && possible {
				done[i] = true
				if try(next) {
					return true
				}
				done[i] = false
			}
		}
		return !left
	}
	return try(model.Init())
}

// What has a linearizable order is never broken; what is broken in a way that can be said of two operations is.
func TestInvariantsAreSound(t *testing.T) {
	for _, c := range []struct {
		name   string
		model  models.Model
		act    func(*history.Operation, *rng.Stream)
		judge  func([]history.Operation) Report
		broken func([]history.Operation) bool // as plain as can be; nil for no such definition
	}{
		{"queue", models.FIFOQueue(), queued, Queue, queueBroken},
		{"counter", models.Counter(), counted, Counter, counterBroken},
		{"set", models.Set(), inSet, Set, nil},
		{"lock", models.Lock(), locked, Exclusion, lockBroken},
		{"fenced lock", models.FencedLock(), fenced, Tokens, tokensBroken},
	} {
		t.Run(c.name, func(t *testing.T) {
			orders, broken := 0, 0
			for seed := range uint64(*histories) {
				operations := made(seed, c.act)
				report := c.judge(operations)
				if linearizable(c.model, operations) {
					orders++
					require.NotEqual(t, evidence.Broken, report.State, "%s\n%v", report.Reason, operations)
				}
				if report.State == evidence.Broken {
					broken++
					require.Equal(t, evidence.Broken, c.judge(report.Operations).State, "the witness does not stand alone: %v", report.Operations)
				}
				if c.broken != nil {
					require.Equal(t, c.broken(operations), report.State == evidence.Broken, "%s\n%v", report.Reason, operations)
				}
			}
			require.Greater(t, orders, *histories/100)
			require.Greater(t, broken, *histories/100)
		})
	}
}

func queueBroken(operations []history.Operation) bool {
	enqueue := map[int64]history.Operation{}
	out := map[int64][]history.Operation{}
	unknown := []history.Operation{}
	for _, o := range operations {
		if n, is := o.Argument.AsInteger(); is {
			enqueue[n] = o
		}
		if n, is := o.Result.AsInteger(); is {
			out[n] = append(out[n], o)
		}
		if o.Function == history.Dequeue && o.Outcome == history.Info {
			unknown = append(unknown, o)
		}
	}
	for n, taken := range out {
		if in, known := enqueue[n]; !known || len(taken) > 1 || taken[0].Completed < in.Invoked {
			return true
		}
		for other, first := range out {
			if enqueue[other].Completed < enqueue[n].Invoked && taken[0].Completed < first[0].Invoked {
				return true
			}
			// it had been enqueued by when it came out, whatever became of the enqueue
			if first[0].Completed < enqueue[n].Invoked && taken[0].Completed < first[0].Invoked {
				return true
			}
		}
	}
	for _, o := range operations {
		if o.Function != history.Dequeue || o.Outcome != history.Ok || !o.Result.IsNothing() {
			continue
		}
		missing, takers := 0, 0
		for n, in := range enqueue {
			if len(out[n]) == 0 && in.Completed < o.Invoked {
				missing++
			}
		}
		for _, taker := range unknown {
			if taker.Invoked <= o.Completed {
				takers++
			}
		}
		if missing > takers {
			return true
		}
	}
	return false
}

func counterBroken(operations []history.Operation) bool {
	negative := false
	for _, o := range operations {
		n, _ := o.Argument.AsInteger()
		negative = negative || n < 0
	}
	for _, o := range operations {
		if o.Function != history.Read {
			continue
		}
		value, _ := o.Result.AsInteger()
		least, most := int64(0), int64(0)
		for _, add := range operations {
			n, is := add.Argument.AsInteger()
			if !is {
				continue
			}
			certain, possible := add.Completed < o.Invoked, add.Invoked <= o.Completed
			if certain && n > 0 || possible && n < 0 {
				least += n
			}
			if possible && n > 0 || certain && n < 0 {
				most += n
			}
		}
		if value < least || value > most {
			return true
		}
		for _, before := range operations {
			earlier, _ := before.Result.AsInteger()
			if !negative && before.Function == history.Read && before.Completed < o.Invoked && earlier > value {
				return true
			}
		}
	}
	return false
}

func lockBroken(operations []history.Operation) bool {
	sections := sectionsOf(operations)
	for i, one := range sections {
		for _, other := range sections[:i] {
			if max(one.from, other.from) < min(one.until, other.until) {
				return true
			}
		}
	}
	return false
}

func tokensBroken(operations []history.Operation) bool {
	for _, one := range operations {
		for _, other := range operations {
			n, is := one.Result.AsInteger()
			m, too := other.Result.AsInteger()
			if is && too && one.ID != other.ID && (n == m || one.Completed < other.Invoked && n > m) {
				return true
			}
		}
	}
	return false
}
