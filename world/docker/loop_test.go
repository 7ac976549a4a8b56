package docker

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
)

func never() error { return nil }

const millisecond = history.Time(time.Millisecond)

// Actions happen at their times, those of one time in the order in which they were planned, and those that
// an action plans for now are done too.
func TestActionsHappenInOrder(t *testing.T) {
	l := newLoop()
	var done []string
	does := func(name string) func() { return func() { done = append(done, name) } }
	l.At(20*millisecond, does("c"))
	l.At(10*millisecond, func() { does("a")(); l.At(l.Now(), does("now")) })
	l.At(10*millisecond, does("b"))
	l.At(40*millisecond, does("late"))
	l.begin()
	require.NoError(t, l.pass(30*millisecond, never))
	require.Equal(t, []string{"a", "b", "c"}, slices.DeleteFunc(slices.Clone(done), func(name string) bool { return name == "now" }))
	require.Contains(t, done[1:], "now")
	require.GreaterOrEqual(t, l.Now(), 30*millisecond)
	require.NoError(t, l.pass(40*millisecond, never))
	require.Equal(t, "late", done[len(done)-1], "what is due at the limit itself is done")
}

// Nothing happens before time begins, and it is not late then.
func TestTimeBeginsWhenItIsSaid(t *testing.T) {
	l := newLoop()
	require.Zero(t, l.Now())
	time.Sleep(5 * time.Millisecond)
	l.begin()
	require.Less(t, l.Now(), 5*millisecond)
}

// What goroutines post is all done, on one goroutine, each one's in order.
func TestPostedActionsAreDoneInOrder(t *testing.T) {
	l := newLoop()
	l.begin()
	const posters, each = 8, 500
	last := [posters]int{}
	count := 0
	var group sync.WaitGroup
	for p := range posters {
		group.Go(func() {
			for i := 1; i <= each; i++ {
				l.post(func() {
					require.Equal(t, last[p]+1, i)
					last[p], count = i, count+1
				})
			}
		})
	}
	for count < posters*each {
		require.NoError(t, l.pass(l.Now()+millisecond, never))
		require.Less(t, l.Now(), history.Time(10*time.Second), "posted actions were lost")
	}
	group.Wait()
}

// Trouble ends the loop before its time.
func TestTroubleEndsTheLoop(t *testing.T) {
	l := newLoop()
	l.begin()
	trouble := errors.New("trouble")
	var now error
	l.At(5*millisecond, func() { now = trouble })
	require.ErrorIs(t, l.pass(history.Time(time.Hour), func() error { return now }), trouble)
}
