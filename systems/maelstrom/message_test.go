package maelstrom

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzMessage: whatever is read as a message is the same message when it is written and read again, and nothing panics.
func FuzzMessage(f *testing.F) {
	for _, line := range []string{
		`{"src":"c1","dest":"n1","body":{"type":"echo","msg_id":1,"echo":"x"}}`, `{"id":7,"src":"n1","dest":"n2","body":null}`,
		`{"src":"n1","dest":"n2","body":{"type":"error","in_reply_to":18446744073709551615,"code":-1}}`, `{"src":"n1"}`, `[]`, ``,
		`{"src":"\ud800","dest":"a","body":1}`,
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		message, err := ParseMessage(line)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		again, err := ParseMessage(message.Line())
		require.NoError(t, err)
		require.Equal(t, message.Line(), again.Line())
		require.Equal(t, [2]string{message.Source, message.Destination}, [2]string{again.Source, again.Destination})
		_, _ = headerOf(message.Body)
		var call query
		if json.Unmarshal(message.Body, &call) == nil {
			for _, s := range []store{linearKV{}, newSequentialKV(), newEventualKV(), &oracle{}} {
				require.NotPanics(t, func() { messageOf("lin-kv", "n1", s.handle("n1", call, 1)).Line() })
			}
		}
	})
}

func TestTopologies(t *testing.T) {
	nodes := []string{"n1", "n2", "n3", "n4", "n5"}
	for topology, expected := range map[Topology]string{
		"line":  "map[n1:[n2] n2:[n1 n3] n3:[n2 n4] n4:[n3 n5] n5:[n4]]",
		"grid":  "map[n1:[n2 n4] n2:[n1 n3 n5] n3:[n2] n4:[n1 n5] n5:[n2 n4]]",
		"tree2": "map[n1:[n2 n3] n2:[n1 n4 n5] n3:[n1] n4:[n2] n5:[n2]]",
		"tree3": "map[n1:[n2 n3 n4] n2:[n1 n5] n3:[n1] n4:[n1] n5:[n2]]",
		"tree4": "map[n1:[n2 n3 n4 n5] n2:[n1] n3:[n1] n4:[n1] n5:[n1]]",
		"total": "map[n1:[n2 n3 n4 n5] n2:[n1 n3 n4 n5] n3:[n1 n2 n4 n5] n4:[n1 n2 n3 n5] n5:[n1 n2 n3 n4]]",
	} {
		require.NoError(t, topology.Validate())
		require.Equal(t, expected, fmt.Sprint(topology.Neighbours(nodes)), topology)
	}
	require.EqualError(t, Topology("ring").Validate(), `unknown topology "ring"; there are: grid, line, total, tree2, tree3, tree4`)
	require.Equal(t, "map[n1:[]]", fmt.Sprint(DefaultTopology.Neighbours(nodes[:1])))
}
