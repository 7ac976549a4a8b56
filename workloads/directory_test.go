package workloads

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/history"
)

// Members of a group and providers of a service have one name each, under which they come and go in turn; some are there in
// the end, and some are not, so that both can be judged.
func TestMembersComeAndGoInTurn(t *testing.T) {
	for _, workload := range []Workload{Group(), Dubbo()} {
		for seed := uint64(1); seed <= 20; seed++ {
			s := shape(Consistent)
			s.Seed = seed
			up, of := map[string]bool{}, map[string]string{}
			for _, planned := range workload.Plan(s) {
				switch planned.Function {
				case history.Register, history.Deregister, history.Die:
					if client := of[planned.Key]; client != "" {
						require.Equal(t, client, planned.Client, "%s, seed %d: %s is somebody's", workload.Name, seed, planned.Key)
					}
					require.NotEqual(t, planned.Function == history.Register, up[planned.Key], "%s, seed %d: %s", workload.Name, seed, planned.Key)
					require.Less(t, planned.At, history.Time(s.Quiet))
					up[planned.Key], of[planned.Key] = planned.Function == history.Register, planned.Client
				}
			}
			there := 0
			for _, is := range up {
				if is {
					there++
				}
			}
			require.Positive(t, there)
			require.Less(t, there, len(up))
		}
	}
}

// Operators write and ask servers, each value once and the last well before the end; everybody else asks its copy alone.
func TestCopiesAreAskedByThoseWhoDoNotWrite(t *testing.T) {
	s := shape(Consistent)
	written, operators := map[int64]bool{}, map[string]bool{}
	for _, planned := range planConfig(s) {
		if planned.Function == history.Write {
			value, _ := planned.Value.AsInteger()
			require.False(t, written[value])
			require.Less(t, planned.At, history.Time(s.Quiet+s.Settle/2)+Patience)
			written[value], operators[planned.Client] = true, true
		}
	}
	require.Greater(t, len(written), 20)
	for _, planned := range planConfig(s) {
		if planned.Function == history.CacheRead || planned.Function == history.Read {
			require.NotEqual(t, planned.Function == history.CacheRead, operators[planned.Client], planned.Client)
		}
	}
}
