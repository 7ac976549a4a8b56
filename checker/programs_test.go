package checker

import (
	"time"

	"cleave/history"
)

// programCheckers are those of the workloads for programs: echoes, sets and counters that come to be right, logs.
func programCheckers(durations map[string]time.Duration, measures string) map[string]Checker {
	return map[string]Checker{
		"echoes":              Echoes{},
		"ids":                 UniqueIDs{[]history.Function{history.Generate}},
		"delivered":           Delivered{durations["settle"]},
		"counter-total":       CounterTotal{durations["settle"]},
		"log-offsets":         LogOffsets{},
		"log-complete":        LogComplete{durations["settle"]},
		"commits":             Commits{Settle: durations["settle"], Throughout: measures == "throughout."},
		"strict-serializable": Isolated{},
	}
}
