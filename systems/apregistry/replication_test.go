package apregistry

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/systems/eurekawire"
	"cleave/world"
)

func queued(a Action, id string, submitted, expires time.Duration) entry {
	return entry{&task{action: a, instance: web(id, int64(submitted))}, submitted, expires}
}

// names shows a batch as "action id@submitted".
func names(batch []entry) []string {
	shown := []string{}
	for _, t := range batch {
		shown = append(shown, fmt.Sprintf("%d %s@%d", t.action, t.instance.id, t.submitted/second))
	}
	return shown
}

func TestBatchWaitsForItsDelayOrIsFull(t *testing.T) {
	q := newQueue(&theirs)
	_, some := q.wait(0)
	require.False(t, some)
	q.add(queued(actionRenew, "a", 0, 30*second))
	wait, some := q.wait(100 * time.Millisecond)
	require.True(t, some)
	require.Equal(t, 400*time.Millisecond, wait)
	for number := range 248 {
		q.add(queued(actionRenew, fmt.Sprint(number), 0, 30*second))
	}
	wait, _ = q.wait(0)
	require.Equal(t, theirs.BatchDelay, wait, "249")
	q.add(queued(actionRenew, "b", 0, 30*second))
	q.add(queued(actionRenew, "c", 0, 30*second))
	wait, _ = q.wait(0)
	require.Zero(t, wait, "251")
	require.Len(t, q.take(0), 250)
	require.Len(t, q.take(0), 1)
}

func TestNewerTaskReplacesOlderOfTheSameAction(t *testing.T) {
	q := newQueue(&theirs)
	q.add(queued(actionRegister, "a", 1*second, 31*second))
	q.add(queued(actionCancel, "a", 2*second, 32*second))
	q.add(queued(actionRegister, "a", 3*second, 33*second))
	batch := q.take(4 * second)
	require.Equal(t, []string{"1 a@1", "3 a@2"}, names(batch), "and so the cancel comes last; the register has waited since 1")
	require.Equal(t, 33*second, batch[0].expires, "and is the newer one")
}

// An instance that is heard from more often than a batch waits does not hold the batch up.
func TestFrequentTasksDoNotHoldUpTheQueue(t *testing.T) {
	q := newQueue(&theirs)
	for at := time.Duration(0); at < theirs.BatchDelay; at += theirs.BatchDelay / 4 {
		q.add(queued(actionRenew, "hot", at, 30*second))
	}
	wait, some := q.wait(theirs.BatchDelay)
	require.True(t, some)
	require.Zero(t, wait)
}

// A batch that a peer finds too large is sent again in halves; what is too large by itself is dropped, and
// the first that the peer takes ends it.
func TestTooLargeABatchIsHalved(t *testing.T) {
	p := &peer{node: &node{env: stillEnvironment{}, options: theirs}, queue: newQueue(&theirs)}
	for number := range 8 {
		p.queue.add(queued(actionRegister, fmt.Sprint(number), 0, 30*second))
	}
	for _, size := range []int{8, 4, 2, 1} {
		batch := p.queue.take(0)
		require.Len(t, batch, size)
		p.delivered(batch, &response{code: codeTooLarge}, answered)
	}
	require.EqualValues(t, 1, p.queue.dropped, "the one that was too large by itself")
	batch := p.queue.take(0)
	require.Len(t, batch, 1)
	p.delivered(batch, &response{code: codeOK, results: make([]response, 1)}, answered)
	require.Len(t, p.queue.take(0), 6)
}

// stillEnvironment is one in which no time passes, for what asks for nothing else.
type stillEnvironment struct{ world.Environment }

func (stillEnvironment) Elapsed() time.Duration { return 0 }
func (stillEnvironment) Logf(string, ...any)    {}

func TestOldTasksAreLost(t *testing.T) {
	q := newQueue(&theirs)
	q.add(queued(actionCancel, "a", 0, 30*second))
	q.add(queued(actionCancel, "b", 1*second, 31*second))
	require.Equal(t, []string{"3 b@1"}, names(q.take(30*second)))
	require.EqualValues(t, 1, q.expired)
}

func TestUndeliveredBatchComesFirstAgain(t *testing.T) {
	q := newQueue(&theirs)
	for number, id := range []string{"a", "b", "c"} {
		q.add(queued(actionRenew, id, 0, time.Duration(30+number)*second))
	}
	batch := q.take(second)
	q.add(queued(actionRenew, "d", 2*second, 32*second))
	q.add(queued(actionRenew, "c", 2*second, 32*second))
	q.putBack(batch, 30*second)
	require.Equal(t, []string{"2 b@0", "2 d@2", "2 c@2"}, names(q.take(30*second)), "a is too old, c was replaced")
}

func TestFullQueueDropsTheOldest(t *testing.T) {
	options := theirs
	options.QueueLength = 2
	q := newQueue(&options)
	for _, id := range []string{"a", "b", "c"} {
		q.add(queued(actionRenew, id, 0, second))
	}
	require.Equal(t, []string{"2 b@0", "2 c@0"}, names(q.take(0)))
	require.EqualValues(t, 1, q.dropped)
}

// A batch holds no more text than a peer takes, but always one task.
func TestBatchesAreBoundedInBytes(t *testing.T) {
	q := newQueue(&theirs)
	long := &eurekawire.Instance{HostName: strings.Repeat("x", mostBatchBytes/3)}
	for number := range 7 {
		large := queued(actionRegister, fmt.Sprint(number), 0, 30*second)
		large.instance.more = long
		q.add(large)
	}
	require.Len(t, q.take(0), 3)
	require.Len(t, q.take(0), 3)
	huge := queued(actionRegister, "huge", 0, 30*second)
	huge.instance.more = &eurekawire.Instance{HostName: strings.Repeat("x", 2*mostBatchBytes)}
	q.add(huge)
	require.Len(t, q.take(0), 1)
	require.Len(t, q.take(0), 1)
}

// What was sent to one peer is not written again for the next, and what differs in a task, in their order or in their number is.
func TestWrittenBatch(t *testing.T) {
	one := &task{action: actionRenew, instance: instance{key: key{"app", "app/1"}, dirty: 7}}
	other := &task{action: actionCancel, instance: instance{key: key{"app", "app/2"}}}
	again := *one
	again.instance.dirty = 8
	var w written
	for _, batch := range [][]*task{{one, other}, {one, other}, {other, one}, {one}, {&again}, {one, other}} {
		entries := make([]entry, len(batch))
		want := &request{action: actionBatch, replicated: true, tasks: make([]request, len(batch))}
		for i, task := range batch {
			entries[i].task = task
			task.fill(&want.tasks[i])
		}
		require.Equal(t, appendRequest(nil, want), w.of(entries))
		before := &w.bytes[0]
		w.bytes[0]++ // it would be put right if it were written once more
		require.Same(t, before, &w.of(entries)[0])
		require.NotEqual(t, appendRequest(nil, want), w.of(entries))
		w.bytes[0]--
	}
}
