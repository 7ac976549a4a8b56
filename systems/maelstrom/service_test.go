package maelstrom

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/internal/rng"
)

// tell puts a call to a store and gives the answer as text.
func tell(s store, from, body string, draw uint64) string {
	var call query
	if err := json.Unmarshal([]byte(body), &call); err != nil {
		panic(err)
	}
	result := s.handle(from, call, draw)
	switch {
	case result.Type == "error":
		return fmt.Sprintf("%d %s", result.Code, result.Text)
	case result.Stamp != nil:
		return fmt.Sprintf("%s %d", result.Type, *result.Stamp)
	}
	return strings.TrimSpace(result.Type + " " + string(result.Value))
}

// All three stores speak alike, and to one caller alone all, the eventual one of one replica, say the same.
func TestStores(t *testing.T) {
	alone := &eventualKV{replicas: []replica{{values: map[string]stamped{}}}}
	for name, s := range map[string]store{"lin-kv": linearKV{}, "seq-kv": newSequentialKV(), "lww-kv": alone} {
		for i, step := range []struct{ call, answer string }{
			{`{"type":"read","key":1}`, "20 key does not exist"},
			{`{"type":"cas","key":1,"from":1,"to":2}`, "20 key does not exist"},
			{`{"type":"cas","key":1,"from":1,"create_if_not_exists":true}`, "12 something is missing in this cas"},
			{`{"type":"write","key":1,"value":{"b":1,"a":[2.0,null]}}`, "write_ok"},
			{`{"type":"read","key":1}`, `read_ok {"a":[2.0,null],"b":1}`},
			{`{"type":"read","key":"1"}`, "20 key does not exist"},
			{`{"type":"cas","key":1,"from":{"a":[2.0,null],"b":1},"to":"x"}`, "cas_ok"},
			{`{"type":"cas","key":1,"from":"y","to":"z"}`, `22 current value "x" is not "y"`},
			{`{"type":"cas","key":[2],"from":0,"to":7,"create_if_not_exists":true}`, "cas_ok"},
			{`{"type":"read","key":[2]}`, "read_ok 7"},
			{`{"type":"write","key":1}`, "12 something is missing in this write"},
			{`{"type":"write","value":1}`, "12 it has no key"},
			{`{"type":"ts","key":1}`, "10 there is no call ts"},
		} {
			require.Equal(t, step.answer, tell(s, "n1", step.call, 0), "%s, step %d", name, i)
		}
	}
	o := &oracle{}
	require.Equal(t, []string{"ts_ok 0", "ts_ok 1", "10 there is no call read"},
		[]string{tell(o, "n1", `{"type":"ts"}`, 0), tell(o, "n2", `{"type":"ts"}`, 0), tell(o, "n2", `{"type":"read"}`, 0)})
}

// Of seq-kv a caller may be shown the past, but never anything older than what it saw or did, and no more than so many states back; a
// change is always made on the newest.
func TestSequentialStore(t *testing.T) {
	s := newSequentialKV()
	stale, seen := 0, map[string]int{"n2": -1, "n3": -1}
	for n := range 400 {
		require.Equal(t, "write_ok", tell(s, "n1", fmt.Sprintf(`{"type":"write","key":"x","value":%d}`, n), rng.Mix(1, uint64(n))))
		for _, reader := range []string{"n2", "n3"} {
			var value int
			said := tell(s, reader, `{"type":"read","key":"x"}`, rng.Mix(2, rng.Text(reader), uint64(n)))
			if said == "20 key does not exist" {
				require.Negative(t, seen[reader])
				stale++
				continue
			}
			_, err := fmt.Sscanf(said, "read_ok %d", &value)
			require.NoError(t, err)
			require.GreaterOrEqual(t, value, seen[reader])
			require.Greater(t, value, n-depth)
			if value < n {
				stale++
			}
			seen[reader] = value
		}
		require.Equal(t, fmt.Sprintf("read_ok %d", n), tell(s, "n1", `{"type":"read","key":"x"}`, rng.Mix(3, uint64(n))), "its own write")
	}
	require.Greater(t, stale, 400, "most reads")
	require.Equal(t, "cas_ok", tell(s, "n1", `{"type":"cas","key":"x","from":399,"to":-1}`, 0))
	require.Equal(t, "read_ok -1", tell(s, "n1", `{"type":"read","key":"x"}`, 0))
}

// The replicas of lww-kv disagree, and agree once all have heard of the last write.
func TestEventualStore(t *testing.T) {
	s := newEventualKV()
	require.Equal(t, "write_ok", tell(s, "n1", `{"type":"write","key":"x","value":1}`, 7))
	require.Equal(t, "write_ok", tell(s, "n1", `{"type":"write","key":"x","value":2}`, 8))
	said := map[string]bool{}
	for n := range uint64(200) {
		last := tell(s, "n1", `{"type":"read","key":"x"}`, rng.Mix(1, n))
		if n < 10 {
			said[last] = true
		}
		if n > 100 {
			require.Equal(t, tell(s, "n2", `{"type":"read","key":"x"}`, rng.Mix(2, n)), last)
		}
	}
	require.Greater(t, len(said), 1)
}
