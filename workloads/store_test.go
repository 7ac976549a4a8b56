package workloads

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/history"
)

// asked counts what a plan asks for: by function, and kind of watch.
func asked(plan []Planned) map[string]int {
	count := map[string]int{}
	for _, planned := range plan {
		what := string(planned.Function)
		if kind, is := planned.Value.AsText(); is {
			what += " " + kind
		}
		count[what]++
	}
	return count
}

// Every workload of a store asks often for each of what its checkers judge.
func TestPlansAskForEverything(t *testing.T) {
	for name, least := range map[string]map[string]int{
		"watches": {"watch data": 200, "watch exist": 100, "watch children": 60, "watch persistent": 20, "watch recursive": 20,
			"stat": 300, "write": 300, "remove": 50},
		"sessions":  {"own": 100, "owners": 700, "write": 600, "close": 15, "die": 15},
		"sequences": {"create-sequential": 500, "watch children": 300, "remove": 80},
		"multi":     {"multi": 300, "multi-fail": 150, "pair": 500},
	} {
		workload, err := Find(name)
		require.NoError(t, err)
		count := asked(workload.Plan(shape(Consistent)))
		for what, number := range least {
			require.Greater(t, count[what], number, "%s: %s", name, what)
		}
	}
}

// However many clients there are, every watched znode has a writer, and no more than it must.
func TestEveryWatchedZnodeIsWritten(t *testing.T) {
	for _, clients := range []int{1, 2, 3, 7, 8, 9, 10, 50} {
		writers := map[int]int{}
		for number := range clients {
			mine := ownedBy(number, clients)
			require.NotEmpty(t, mine, "client %d of %d", number, clients)
			for _, znode := range mine {
				writers[znode]++
			}
		}
		require.Len(t, writers, watchedCount, "%d clients", clients)
		for znode, count := range writers {
			require.LessOrEqual(t, count, (clients+watchedCount-1)/watchedCount, "znode %d of %d clients", znode, clients)
		}
	}
}

// Only the fleeting znodes and the children of the family are removed: of the others every change is a
// write, which is what the order of events is judged by.
func TestWhatIsRemoved(t *testing.T) {
	for _, planned := range planWatches(shape(Consistent)) {
		if planned.Function == history.Remove && !strings.HasPrefix(planned.Key, family+"/") {
			require.Contains(t, []string{watched(watchedCount - 2), watched(watchedCount - 1)}, planned.Key)
		}
	}
}

// A session owns a few znodes, of names that nobody had before, and all is still in the quiet phase.
func TestSessions(t *testing.T) {
	s := shape(Consistent)
	names, held := map[string]bool{}, map[string]int{}
	for _, planned := range planSessions(s) {
		switch planned.Function {
		case history.Own:
			require.False(t, names[planned.Key], "%s is owned twice", planned.Key)
			names[planned.Key] = true
			held[planned.Client]++
			require.LessOrEqual(t, held[planned.Client], mostOwned)
		case history.Close, history.Die:
			require.True(t, planned.Must)
			held[planned.Client] = 0
		default:
			continue
		}
		require.Less(t, planned.At, history.Time(s.Quiet), fmt.Sprint(planned.Function))
	}
}
