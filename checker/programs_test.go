package checker

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/internal/rng"
)

// programCheckers are those of the workloads for programs: echoes, sets and counters that come to be right, logs.
func programCheckers(durations map[string]time.Duration, measures string) map[string]Checker {
	return map[string]Checker{
		"echoes":              Echoes{},
		"ids":                 UniqueIDs{[]history.Function{history.Generate}},
		"delivered":           Delivered{durations["settle"], durations["recovery"]},
		"counter-total":       CounterTotal{durations["settle"], durations["recovery"]},
		"log-offsets":         LogOffsets{},
		"log-complete":        LogComplete{durations["settle"], durations["recovery"]},
		"commits":             Commits{Settle: durations["settle"], Recovery: durations["recovery"], Throughout: measures == "throughout."},
		"strict-serializable": Isolated{},
	}
}

// CounterTotal agrees with the plain way: to try every choice of the adds that may or may not count.
func TestCounterTotalAgreesWithEveryChoice(t *testing.T) {
	tally := map[Verdict]int{}
	for seed := range uint64(3000) {
		stream := rng.New(seed, 1)
		events := []history.Event{{Type: history.RunEvent, Run: &history.Run{Nodes: []string{"n1"}, Clients: []history.Placement{{Client: "c0", Host: "n1"}}}}}
		add := func(event history.Event) {
			event.Index, event.Time = len(events), history.Time(len(events))*10
			events = append(events, event)
		}
		adds := int(stream.Between(1, 6))
		sums := map[int64]bool{0: true}
		for i := range adds {
			delta := stream.Between(-4, 5)
			one := history.Event{Type: history.Invoke, Process: i, Client: "c0", Function: history.Add, Key: "k", Value: history.Integer(delta)}
			add(one)
			one.Type = []history.Type{history.Ok, history.Ok, history.Info, history.Fail}[stream.Below(4)]
			add(one)
			chosen := map[int64]bool{}
			for sum := range sums {
				chosen[sum] = chosen[sum] || one.Type != history.Ok
				if one.Type != history.Fail {
					chosen[sum+delta] = true
				}
			}
			for sum, is := range chosen {
				if !is {
					delete(chosen, sum)
				}
			}
			sums = chosen
		}
		add(history.Event{Type: history.PhaseEvent, Phase: history.Quiet})
		read := history.Event{Type: history.Invoke, Process: adds, Client: "c0", Function: history.Read, Key: "k"}
		add(read)
		value := stream.Between(-8, 16)
		read.Type, read.Node, read.Value = history.Ok, "n1", history.Integer(value)
		add(read)
		h, err := history.New(events)
		require.NoError(t, err)
		expected := Invalid
		if sums[value] {
			expected = Valid
		}
		found := Run(CounterTotal{}, h, Budget{})
		require.Equal(t, expected, found.Verdict, "seed %d: %d of %v: %s", seed, value, sums, found.Reason)
		tally[expected]++
	}
	require.Greater(t, tally[Valid], 200)
	require.Greater(t, tally[Invalid], 200)
}
