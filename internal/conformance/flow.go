package conformance

import (
	"os"
	"runtime"
	"testing"
	"time"

	"cleave/history"

	"github.com/stretchr/testify/require"
)

// actionsComeInOrder plans actions out of order, and one by another.
func actionsComeInOrder(s *stage) {
	var done []string
	last := s.world.Now()
	act := func(name string, at history.Time) func() {
		return func() {
			now := s.world.Now()
			require.GreaterOrEqual(s.t, now, at, "%s comes early", name)
			require.GreaterOrEqual(s.t, now, last, "time goes back")
			last, done = now, append(done, name)
		}
	}
	after := func(wait time.Duration) history.Time { return last + history.Time(wait) }
	s.world.At(-1, act("past", 0))
	last = s.world.Now()
	late, early, end := after(while), after(while/2), after(while+while/2)
	s.world.At(after(time.Hour), act("in an hour", after(time.Hour)))
	s.world.At(late, act("late", late))
	s.world.At(early, act("early", early))
	s.world.At(early, func() {
		act("as early", early)()
		s.world.At(s.world.Now(), func() { s.world.At(end, act("planned on the way", end)) })
	})
	require.Empty(s.t, done, "nothing happens outside Run")
	require.NoError(s.t, s.world.Run(end))
	require.GreaterOrEqual(s.t, s.world.Now(), end)
	require.Equal(s.t, []string{"past", "early", "as early", "late"}, done[:min(len(done), 4)])
	s.eventually("all is done", func() bool { return len(done) == 5 }) // what was planned on the way may be late
	require.Equal(s.t, "planned on the way", done[4])
}

// belongings are what this process has that a world might leave behind.
type belongings struct{ goroutines, files int }

// count counts them. Where the system does not tell of open files, there are none.
func count() belongings {
	files, _ := os.ReadDir("/proc/self/fd")
	return belongings{runtime.NumGoroutine(), len(files)}
}

// leavesNothing sees that there is no more than there was. What ends may take a moment.
func leavesNothing(t *testing.T, before belongings) {
	t.Helper()
	for range 1000 {
		if now := count(); now.goroutines <= before.goroutines && now.files <= before.files {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	t.Fatalf("a closed world has left something: before it there was %+v, now there is %+v\n%s", before, count(), stacks)
}
