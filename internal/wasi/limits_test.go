package wasi

import (
	"slices"
	"strings"
	"testing"
	"time"

	"cleave/world"
)

// Every way in which a program goes wrong ends it, with a reason.
func TestEnds(t *testing.T) {
	for _, test := range []struct {
		does   string
		limits Limits
		input  func(*Instance, world.Environment)
		cause  Cause
		reason string
	}{
		{"exit 3", Limits{}, nil, Exited, "exited with status 3"},
		{"exit 0", Limits{}, nil, Exited, "exited with status 0"},
		{"panic", Limits{}, nil, Exited, "exited with status 2: panic: the sky fell"},
		{"spin", Limits{Fuel: 1e7}, nil, Spun, "spun: more than 10000000 calls and rounds of loops in one second of its clock"},
		{"recurse", Limits{Fuel: 1e7}, nil, Spun, "spun: more than 10000000 calls and rounds of loops in one second of its clock"},
		{"flood", Limits{Lines: 5000}, nil, Flooded, "printed more than 5000 lines in one second of its clock"},
		{"flood", Limits{Output: 9999}, nil, Flooded, "printed more than 9999 bytes in one second of its clock"},
		{"trickle", Limits{Lines: 5000}, nil, Flooded, "printed more than 5000 lines in one second of its clock"},
		{"endless", Limits{Line: 1000}, nil, Flooded, "printed a line of more than 1000 bytes"},
		{"fill", Limits{Memory: 32 << 20}, nil, Memory, "exited with status 2, after it was refused memory beyond 32 MiB: fatal error: out of memory"},
		{"sleep", Limits{Memory: 65536}, nil, Memory, ""},
		{"deaf", Limits{Input: 9}, inputs("12345678", "12345678"), Deaf, "did not read its input: more than 9 bytes wait"},
		{"readall", Limits{Memory: 24 << 20}, manyInputs, Memory, ""},
	} {
		options := Options{Arguments: append([]string{"guest"}, strings.Fields(test.does)...), Limits: test.limits}
		script := play(t, 1, options, 10*time.Second, test.input)
		_, last, _ := strings.Cut(script[len(script)-1], " ")
		if wanted := "end " + string(test.cause) + " " + test.reason; !strings.HasPrefix(last, wanted) || test.reason != "" && last != wanted {
			t.Errorf("%s: it did\n  %s\nnot\n  %s", test.does, last, wanted)
		}
	}
}

// manyInputs go on until the program ends.
func manyInputs(i *Instance, env world.Environment) {
	env.After(time.Millisecond, func() {
		i.Input([]byte(strings.Repeat("x", 1<<20)))
		if !i.dead {
			manyInputs(i, env)
		}
	})
}

// The end by fuel is at the same place in every run.
func TestFuelIsDeterministic(t *testing.T) {
	options := Options{Arguments: []string{"guest", "trickle"}, Limits: Limits{Fuel: 1e6, Lines: 1e6}}
	first := play(t, 1, options, time.Second, nil)
	if last := first[len(first)-1]; !strings.Contains(last, "end spun") || len(first) < 100 {
		t.Fatalf("%d lines, and then %s", len(first), last)
	}
	if again := play(t, 1, options, time.Second, nil); !slices.Equal(first, again) {
		t.Errorf("%d lines, and then %d", len(first), len(again))
	}
}

// The log is cut at its limit, and the program goes on.
func TestTheLogIsCut(t *testing.T) {
	script := play(t, 1, Options{Arguments: []string{"guest", "loglines"}, Limits: Limits{Log: 26}}, time.Second, nil)
	expect(t, script, "log line 0", "log line 1", "log line 2", "log line ", "log the log ends here: it has more than 26 bytes",
		"end exited exited with status 0: line ")
}

// What a stopped program printed before and did not hand over is gone, and it can be told nothing any more.
func TestStopFromWithin(t *testing.T) {
	program := guestProgram(t, "guest")
	var lines []string
	m := boots(t, 1, program, Options{Arguments: []string{"guest", "loglines"}}, nil)
	m.until(0)
	i := program.New(Options{Arguments: []string{"guest", "loglines"}})
	i.options.Log = func(line []byte) {
		lines = append(lines, string(line))
		if len(lines) == 10 {
			i.Stop()
		}
	}
	i.options.Ended = func(end End) { t.Error("it ended", end) }
	i.Start(m.now.now.env)
	i.Input([]byte("more"))
	i.Stop()
	if len(lines) != 10 {
		t.Errorf("%d lines", len(lines))
	}
}
