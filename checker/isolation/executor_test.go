package isolation

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/internal/rng"
)

// isolationLevel is how well an executor keeps its transactions apart.
type isolationLevel string

const (
	atOnce      isolationLevel = "each at an instant of its own"
	delayed     isolationLevel = "each at an instant that may be after its return"
	snapshot    isolationLevel = "reads at the call; at the end writes, unless another one wrote the keys meanwhile"
	oldSnapshot isolationLevel = "the same with reads of before the call"
	committed   isolationLevel = "each read at its own instant, writes at the end"
	dirty       isolationLevel = "writes at the call, and undone at the end if it fails"
	none        isolationLevel = "each step at its own instant"
)

// executor carries out transactions on a store that keeps all versions.
type executor struct {
	random   *rng.Stream
	level    isolationLevel
	kind     Kind
	log      [][]change // by key, in order of time
	versions [][]past   // by key, in order of time
}

// change is a write that is in force unless undone.
type change struct {
	value  Value
	by     int
	undone bool
}

// past is what a key held from a time on.
type past struct {
	from   history.Time
	values []Value
}

// task is a transaction to carry out: reads and writes are the instants of its steps.
type task struct {
	slot
	steps  []Step
	reads  []history.Time
	seen   history.Time // of a snapshot
	failed bool
}

// apply adds writes to the store at an instant, or undoes them.
func (e *executor) apply(by int, steps []Step, at history.Time, undo bool) {
	for _, step := range steps {
		if step.Length != Written {
			continue
		}
		log := e.log[step.Key]
		if undo {
			for i := range log {
				log[i].undone = log[i].undone || log[i].by == by
			}
		} else {
			log = append(log, change{value: step.Value, by: by})
		}
		e.log[step.Key] = log
		var values []Value
		for _, one := range log {
			if !one.undone {
				values = append(values, one.value)
			}
		}
		if e.kind == Register && len(values) > 1 {
			values = values[len(values)-1:]
		}
		e.versions[step.Key] = append(e.versions[step.Key], past{at, values})
	}
}

// at is what a key held just before an instant.
func (e *executor) at(key int32, instant history.Time) []Value {
	var values []Value
	for _, version := range e.versions[key] {
		if version.from < instant {
			values = version.values
		}
	}
	return values
}

// plan decides when a task's steps happen.
func (e *executor) plan(t *task) {
	if e.level == delayed {
		t.at += history.Time(e.random.Below(20_000_000))
	}
	t.seen = t.call
	if e.level == oldSnapshot {
		t.seen -= history.Time(e.random.Below(10_000_000))
	}
	for range t.steps {
		switch e.level {
		case atOnce, delayed:
			t.reads = append(t.reads, t.at)
		case snapshot, oldSnapshot:
			t.reads = append(t.reads, t.seen)
		default:
			t.reads = append(t.reads, history.Time(e.random.Between(int64(t.call), int64(t.at))))
		}
	}
	slices.Sort(t.reads)
}

// write carries out a task's writes.
func (e *executor) write(number int, t *task) []func() {
	switch e.level {
	case none:
		var all []func()
		for i, step := range t.steps {
			all = append(all, func() { e.apply(number, []Step{step}, t.reads[i], false) })
		}
		return all
	case dirty:
		t.failed = e.random.Chance(1, 10)
		undo := func() {
			if t.failed {
				e.apply(number, t.steps, t.at, true)
			}
		}
		return []func(){func() { e.apply(number, t.steps, t.call, false) }, undo}
	}
	return []func(){func() {
		for _, step := range t.steps {
			if versions := e.versions[step.Key]; (e.level == snapshot || e.level == oldSnapshot) && step.Length == Written &&
				len(versions) > 0 && versions[len(versions)-1].from >= t.seen {
				t.failed = true
				return
			}
		}
		e.apply(number, t.steps, t.at, false)
	}}
}

// when are the instants of write's functions.
func (e *executor) when(t *task) []history.Time {
	switch e.level {
	case none:
		return t.reads
	case dirty:
		return []history.Time{t.call, t.at}
	}
	return []history.Time{t.at}
}

// history carries out random transactions.
func (e *executor) history(w workload) *Transactions {
	keys, value := newPool(w), Value(0)
	var tasks []*task
	for i, slot := range w.slots(e.random) {
		unique := func(at history.Time) history.Time { return at*1000 + history.Time(i) }
		slot.call, slot.at, slot.reply = unique(slot.call), unique(slot.at), unique(slot.reply)
		t := &task{slot: slot}
		for range w.steps {
			at := int(e.random.Below(int64(w.keys)))
			step := Step{Key: int32(keys.keys[at])}
			if e.random.Chance(1, 2) {
				value++
				step = Step{Key: int32(keys.write(at)), Value: value, Length: Written}
			}
			t.steps = append(t.steps, step)
		}
		e.plan(t)
		tasks = append(tasks, t)
	}
	e.log, e.versions = make([][]change, keys.next), make([][]past, keys.next)
	type event struct {
		at history.Time
		do func()
	}
	var events []event
	for number, t := range tasks {
		for i, do := range e.write(number, t) {
			events = append(events, event{e.when(t)[i], do})
		}
	}
	slices.SortStableFunc(events, func(a, b event) int { return cmp.Compare(a.at, b.at) })
	for _, event := range events {
		event.do()
	}
	return e.record(tasks)
}

// record writes down what the tasks read. Of their own writes, those see nothing that read what is committed:
// in a list it would not be known yet where these will be.
func (e *executor) record(tasks []*task) *Transactions {
	slices.SortStableFunc(tasks, func(a, b *task) int { return cmp.Compare(a.call, b.call) })
	b := NewBuilder(e.kind)
	for _, t := range tasks {
		outcome := Committed
		if t.failed {
			outcome = Failed
		}
		b.Begin(t.process, t.call, t.reply, outcome)
		for i, step := range t.steps {
			if step.Length == Written {
				b.Write(int(step.Key), step.Value)
				continue
			}
			values := slices.Clone(e.at(step.Key, t.reads[i]))
			for _, before := range t.steps[:i] {
				if e.level != committed && before.Length == Written && before.Key == step.Key && !slices.Contains(values, before.Value) {
					values = append(values, before.Value)
				}
			}
			if e.kind == ListAppend {
				b.readList(int(step.Key), values...)
			} else {
				b.ReadRegister(int(step.Key), append([]Value{Initial}, values...)[len(values)])
			}
		}
	}
	t, err := b.Done()
	if err != nil {
		panic(err)
	}
	return t
}

// TestExecutorsAreFoundAtTheirLevel wants exactly what an executor keeps to be the strongest that holds of lists.
// Of registers, where less can be seen, it must not be ruled out, and what the executor breaks must be.
func TestExecutorsAreFoundAtTheirLevel(t *testing.T) {
	for _, test := range []struct {
		level  isolationLevel
		keeps  []Model
		breaks []Model // that registers show, too
	}{
		{atOnce, []Model{StrictSerializable}, nil},
		{delayed, []Model{Serializable}, []Model{StrongReadCommitted, StrongSessionSnapshot}},
		{snapshot, []Model{StrongSnapshotIsolation}, []Model{Serializable, RepeatableRead}},
		{oldSnapshot, []Model{SnapshotIsolation, StrongReadCommitted}, []Model{Serializable, StrongSessionSnapshot}},
		{committed, []Model{StrongReadCommitted}, []Model{SnapshotIsolation, RepeatableRead}},
		{dirty, []Model{StrongReadUncommitted}, []Model{ReadCommitted}},
		{none, nil, []Model{ReadCommitted}},
	} {
		for _, kind := range []Kind{ListAppend, Register} {
			for seed := range uint64(5) {
				e := &executor{random: rng.New(seed), level: test.level, kind: kind}
				r := Check(e.history(workload{transactions: 400, processes: 8, steps: 4, keys: 4, perKey: 8}), Options{})
				name := fmt.Sprintf("%s, kind %d, seed %d: %s", test.level, kind, seed, r.Reason)
				if kind == ListAppend {
					require.Equal(t, test.keeps, r.Strongest, name)
					require.Empty(t, r.Open, name)
				}
				for _, model := range test.keeps {
					require.NotContains(t, r.RuledOut, model, name)
				}
				for _, model := range test.breaks {
					require.Contains(t, r.RuledOut, model, name)
				}
			}
		}
	}
}
