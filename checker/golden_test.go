package checker

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/models"
)

var rewrite = flag.Bool("rewrite", false, "write what the checkers say into testdata; read the difference before you keep it")

// TestGolden runs the scripts in testdata. A case is a line with a checker and its options, a history
// drawn as bars (see readScript), "----", and what the checker says of it, up to an empty line. Lines
// with "#" are comments.
func TestGolden(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			said := runScripts(string(text))
			if *rewrite {
				require.NoError(t, os.WriteFile(path, []byte(said), 0o644))
				return
			}
			require.Equal(t, string(text), said)
		})
	}
}

// runScripts gives the file as it ought to be.
func runScripts(text string) string {
	var out, drawn []string
	skipping := false
	for _, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		switch {
		case line == "----":
			c, measures := checkerOf(drawn[0])
			out = append(out, line, strings.TrimRight(show(Run(c, readScript(drawn[1:]), Budget{Time: time.Second}), measures), "\n"))
			drawn, skipping = nil, true
			continue
		case line == "":
			skipping = false
		case !skipping && !strings.HasPrefix(line, "#"):
			drawn = append(drawn, line)
		}
		if !skipping {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n") + "\n"
}

// checkerOf reads a line like "availability grace=1s measures=function". Measures are shown by side, and
// also by what the option names.
func checkerOf(line string) (c Checker, measures string) {
	words := strings.Fields(line)
	durations, service, kinds := map[string]time.Duration{}, "", []string(nil)
	var functions []history.Function
	onDemand := false
	for _, word := range words[1:] {
		option, text, _ := strings.Cut(word, "=")
		switch option {
		case "measures":
			measures = text + "."
		case "service":
			service = text
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
		"no-forgetting":        NoForgetting{service, kinds},
		"convergence":          Convergence{[]history.Function{history.Read, history.Lookup, history.Owners}, durations["settle"]},
		"vacuity":              Vacuity{},
		"no-panic":             NoPanic{},
		"election-safety":      ElectionSafety{},
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
		"cache-survives":       CacheSurvives{service},
		"overrides":            Overrides{durations["notice"], durations["settle"], measures == "through.", measures == "through."},
	}
	maps.Copy(checkers, propertyCheckers(reads))
	return checkers[words[0]], measures
}
