package checker

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"cleave/history"
	"cleave/internal/golden"
	"cleave/models"
)

// TestGolden runs the scripts in testdata: a line with a checker and its options, and a history drawn as bars
// (see readScript).
func TestGolden(t *testing.T) {
	golden.Scripts(t, "testdata/*.txt", func(_ *testing.T, script []string) string {
		c, measures := checkerOf(script[0])
		return show(Run(c, readScript(script[1:]), Budget{Time: time.Second}), measures)
	})
}

// checkerOf reads a line like "availability grace=1s measures=function". Measures are shown by side, and
// also by what the option names.
func checkerOf(line string) (c Checker, measures string) {
	words := strings.Fields(line)
	durations, service, kinds := map[string]time.Duration{}, "", []string(nil)
	var functions []history.Function
	onDemand, parent := false, ""
	for _, word := range words[1:] {
		option, text, _ := strings.Cut(word, "=")
		switch option {
		case "measures":
			measures = text + "."
		case "service":
			service = text
		case "parent":
			parent = text
		case "kinds":
			kinds = strings.Split(text, ",")
		case "on-demand":
			onDemand = true
		case "only":
			functions = append(functions, history.Function(text))
		default:
			duration, err := time.ParseDuration(text)
			if err != nil {
				panic(fmt.Sprintf("%s: %v", word, err))
			}
			durations[option] = duration
		}
	}
	reads := []history.Function{history.Read, history.QuorumRead, history.Write, history.CAS, history.MultiWrite, history.Pair}
	checkers := map[string]Checker{
		"linearizable":         Linearizable{models.Register(), reads},
		"sequential":           Sequential{Functions: reads, PerKey: measures == "per-key."},
		"availability":         Availability{durations["grace"], durations["boot"], onDemand, functions},
		"staleness":            Staleness{[]history.Function{history.Read}, []history.Function{history.Write, history.CAS}},
		"discovery":            Discovery{service},
		"no-lost-registration": NoLostRegistration{service, durations["settle"]},
		"no-ghost":             NoGhostForever{service, durations["settle"], durations["allowed"]},
		"no-phantom":           NoPhantom{service},
		"no-forgetting":        NoForgetting{service, kinds, durations["calm"]},
		"convergence":          Convergence{Functions: []history.Function{history.Read, history.Lookup, history.Owners}, Settle: durations["settle"]},
		"convergence-alone":    Convergence{Functions: []history.Function{history.Read, history.Lookup}, Settle: durations["settle"], Alone: true},
		"leaderless":           ElectionSafety{Leaderless: true},
		"membership":           Membership{durations["settle"]},
		"one-shot":             OneShot{},
		"event-before-data":    EventBeforeData{},
		"no-missed-event":      NoMissedEvent{durations["settle"]},
		"event-order":          EventOrder{},
		"ephemerals":           Ephemerals{},
		"no-dead-owner":        NoDeadOwner{durations["settle"], durations["allowed"]},
		"continuity":           Continuity{durations["settle"]},
		"sequences":            Sequences{},
		"all-or-nothing":       Transactions{},
		"live-listed":          LiveListed{service, durations["settle"], durations["notice"]},
		"dead-gone":            DeadGone{service, durations["settle"], durations["allowed"]},
		"same-lists":           SameLists{service, durations["settle"], durations["notice"]},
		"cancels-heard":        CancelsHeard{durations["notice"], durations["notice"]},
		"self-preservation":    SelfPreservation{2, 85},
		"no-eviction":          NoEviction{service, durations["notice"]},
		"small-registry":       SmallRegistry{service, 6, durations["notice"]},
		"cache-survives":       CacheSurvives{Service: service, NeverEmpty: measures == "never-empty.", InMemory: measures == "in-memory."},
		"cache-follows":        CacheFollows{service, durations["settle"], durations["notice"], durations["allowed"]},
		"calls":                Calls{service},
		"overrides":            Overrides{durations["notice"], durations["settle"], measures == "through.", measures == "through."},
	}
	maps.Copy(checkers, propertyCheckers(reads))
	maps.Copy(checkers, recipeCheckers(durations, parent))
	maps.Copy(checkers, programCheckers(durations, measures))
	return checkers[words[0]], measures
}

// recipeCheckers are those of what clients build on a store: who holds what, and how they divide it.
func recipeCheckers(durations map[string]time.Duration, parent string) map[string]Checker {
	return map[string]Checker{
		"one-holder":     OneHolder{},
		"somebody-holds": SomebodyHolds{Settle: history.Time(durations["settle"]), Allowed: history.Time(durations["allowed"])},
		"no-herd":        NoHerd{parent},
		"one-place":      OnePlace{durations["settle"]},
		"barrier":        Barrier{},
		"balanced":       Balanced{[]string{"g/0", "g/1"}, history.Time(durations["within"])},
		"committed-once": CommittedOnce{},
		"copy-follows":   CopyFollows{history.Time(durations["within"])},
		"no-orphans":     NoOrphans{durations["settle"]},
		"runs-once":      RunsOnce{},
		"every-trigger": EveryTrigger{[]string{"job/0", "job/1"}, history.Time(durations["every"]), history.Time(durations["patience"]),
			history.Time(durations["settle"]), history.Time(durations["catch-up"])},
	}
}
