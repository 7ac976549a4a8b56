package zookeeper

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/checker"
)

// long runs a test of many seconds beside others, unless none is wanted.
func long(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes ten seconds and more")
	}
	t.Parallel()
}

// ZOOKEEPER-4466, which Debian's 3.8.0 has: a standard watch turns the persistent one of the same client
// on the same znode into one that fires once. The workload and its checker find it by themselves. What
// is missing confuses the order of events as well, so that is not looked at.
func TestLostPersistentWatches(t *testing.T) {
	long(t)
	d := newDriver(t, newStage(t, 3), "watches", 6*time.Second, 2*time.Second)
	h, err := d.run()
	require.NoError(t, err)
	results := d.judge(t, h)
	found := results["no-missed-event"]
	require.Equal(t, checker.Invalid, found.Verdict, found.Reason)
	require.GreaterOrEqual(t, len(found.Witness.Operations), 3, "the watch, what was missed, and who saw it")
	for _, other := range []string{"one-shot", "event-before-data", "sequential", "availability", "convergence", "election-safety"} {
		require.NotEqual(t, checker.Invalid, results[other].Verdict, other)
	}
}

// ZOOKEEPER-2623, which Debian's 3.8.0 has: a check outside a transaction goes into the log, whence
// nobody can read it; one server after the other dies of it, and nobody is served any more. Without
// such checks the same workload finds nothing, see TestWorkloads.
func TestLoneCheck(t *testing.T) {
	long(t)
	s := newStage(t, 3)
	d := newDriver(t, s, "multi", 6*time.Second, time.Second)
	d.options = Options{RequestTimeout: 800 * time.Millisecond}
	h, err := d.run()
	require.NoError(t, err)
	results := d.judge(t, h)
	found := results["availability"]
	require.Equal(t, checker.Invalid, found.Verdict, found.Reason)
	require.Len(t, found.Witness.Operations, 1, "one that nobody answered")
	serving := 0
	for i := range s.places.Nodes {
		mode := s.ensemble.Mode(i)
		t.Logf("server %d: runs %t, mode %q", i+1, s.ensemble.Running(i), mode)
		if mode != "" {
			serving++
		}
	}
	require.Less(t, serving, 2, "a quorum is left")
}
