package shrink

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/harness"
	"cleave/history"
	"cleave/internal/rng"
	"cleave/nemesis"
	"cleave/workloads"
)

func someCase() Case {
	plan := harness.DefaultPlan()
	plan.Faults = harness.FileFaults
	operation := func(at float64, client string) workloads.Planned {
		return workloads.Planned{At: history.Time(at * 1e9), Client: client, Request: history.Request{Function: history.Read, Key: "k"}}
	}
	return Case{plan, harness.Schedule{
		Faults: []nemesis.Fault{{Kind: "isolate-leader", Start: nemesis.Duration(12 * time.Second), Duration: nemesis.Duration(10 * time.Second)},
			{Kind: "kill-one", Start: nemesis.Duration(30 * time.Second), Duration: nemesis.Duration(5 * time.Second)}},
		Operations: []workloads.Planned{operation(1, "c1"), operation(11, "c2"), operation(15, "c3"), operation(31, "c1"), operation(58, "c7")},
	}}
}

// Time that is taken out moves what comes later, shortens what spans it, and drops what is within.
func TestWithout(t *testing.T) {
	c := someCase().without(14*time.Second, 20*time.Second)
	require.NoError(t, c.Schedule.Validate(c.Plan))
	require.Equal(t, 54*time.Second, time.Duration(c.Plan.Duration))
	require.Equal(t, 20*time.Second, time.Duration(c.Plan.Quiet))
	require.Equal(t, 4*time.Second, time.Duration(c.Schedule.Faults[0].Duration))
	require.Equal(t, 24*time.Second, time.Duration(c.Schedule.Faults[1].Start))
	require.Len(t, c.Schedule.Operations, 4)
	require.Equal(t, 25*time.Second, c.Schedule.Operations[2].At.Duration())
}

// Whatever stretches are taken out, one after the other, what is left is a legal case.
func TestWithoutIsAlwaysLegal(t *testing.T) {
	for seed := range uint64(3000) {
		random := rng.New(seed)
		c := someCase()
		for range 4 {
			from := time.Duration(random.Below(int64(c.Plan.Duration)))
			to := from + time.Duration(random.Below(int64(c.Plan.Duration)))
			c = c.without(from, min(to, time.Duration(c.Plan.Duration)))
			require.NoError(t, c.Plan.Validate(), "seed %d", seed)
			if len(c.Schedule.Operations) > 0 {
				require.NoError(t, c.Schedule.Validate(c.Plan), "seed %d", seed)
			}
			rounded := c.rounded(time.Second, func(int) bool { return true })
			if len(c.Schedule.Operations) > 0 && time.Duration(c.Plan.Window().End-c.Plan.Window().Start) > time.Second {
				require.NoError(t, rounded.Schedule.Validate(rounded.Plan), "seed %d", seed)
			}
		}
	}
}

// A case is never changed by what is made of it.
func TestCasesAreNotChanged(t *testing.T) {
	c := someCase()
	name := c.name()
	c.without(2*time.Second, 30*time.Second)
	c.rounded(5*time.Second, func(int) bool { return true })
	c.placed(2)
	c.drawn(3)
	c.besideTheSame()
	c.pick([]int{0, 3})
	require.Equal(t, name, c.name())
	require.NotEqual(t, name, c.seeded(9).name())
}

// Clients that do anything get the lowest numbers beside the same nodes.
func TestBesideTheSame(t *testing.T) {
	c := someCase()
	c.Plan.Nodes = 3
	c = c.besideTheSame() // c1 beside n1, c2 n2, c3 n3, c7 n1
	require.Equal(t, []string{"c1", "c2", "c3", "c4"}, c.active())
	require.Equal(t, 4, c.Plan.Clients)
	require.NoError(t, c.Schedule.Validate(c.Plan))
}

// Two violations are the same if they differ in names and numbers alone.
func TestViolationOf(t *testing.T) {
	reason := func(text string) Violation {
		return ViolationOf(checker.Result{Checker: "c", Title: "p", Reason: text})
	}
	require.Equal(t, reason("term 3 has two leaders, n1 and n2"), reason("term 14 has two leaders, n4 and n5"))
	require.Equal(t, reason("n1 panicked: index 5 of [1 2 3] is gone"), reason("n3 panicked: index 7 of [4] is gone"))
	require.NotEqual(t, reason("n1 panicked: index 5 is gone"), reason("n1 panicked: vote 5 is gone"))
	linearizable := func(sentences ...string) Violation {
		return ViolationOf(checker.Result{Checker: "linearizable", Witness: &checker.Witness{Explanation: sentences}})
	}
	require.NotEqual(t, linearizable("c1 wrote 1", "c2 read nil, but 1 had been written"), linearizable("c2 read 7, but nobody had written 7"))
}

// Simpler kinds are of the catalogue, and simpler than each other in one direction alone.
func TestSimplerKindsExist(t *testing.T) {
	for kind, others := range simpler {
		for _, name := range append([]string{kind}, others...) {
			_, err := nemesis.Find(name)
			require.NoError(t, err)
		}
		for _, other := range others {
			require.NotContains(t, simpler[other], kind)
		}
	}
}
