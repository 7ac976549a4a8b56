package wasi

import (
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cleave/world"
)

// echoes is a run of a program with goroutines, timers, random numbers and maps.
func echoes(t testing.TB, seed uint64) []string {
	options := Options{Arguments: []string{"guest", "echo", "x"}, Environment: []string{"COLOUR=red"}}
	return play(t, seed, options, 3500*time.Millisecond, func(i *Instance, env world.Environment) {
		i.Input([]byte("hello"))
		env.After(1500*time.Millisecond, func() { i.Input([]byte("again")) })
		env.After(1500*time.Millisecond, func() { i.Input([]byte("and again")) })
	})
}

func TestAProgramLivesInTheEnvironmentsTime(t *testing.T) {
	script := echoes(t, 7)
	if len(script) != 8 {
		t.Fatalf("eight lines are expected:\n%s", strings.Join(script, "\n"))
	}
	for _, wanted := range []string{
		"0s log begun at 2026-01-01T00:00:00Z [x] red",
		"1s out 1s: tick", "2s out 2s: tick", "3s out 3s: tick",
	} {
		if !slices.Contains(script, wanted) {
			t.Errorf("no line %q in:\n%s", wanted, strings.Join(script, "\n"))
		}
	}
	for at, begin := range map[int]string{2: "hello, by worker ", 4: "again, by worker "} {
		_, line, _ := strings.Cut(script[at], ": ")
		if !strings.HasPrefix(line, begin) {
			t.Errorf("line %d is not %q: %s", at, begin, line)
		}
	}
}

// The same seed gives the same run, a hundred times, also many at a time, on one core and on all; another
// seed gives another.
func TestARunIsAFunctionOfTheSeed(t *testing.T) {
	wanted := echoes(t, 7)
	other := echoes(t, 8)
	if slices.Equal(wanted, other) {
		t.Errorf("two seeds, one run:\n%s", strings.Join(other, "\n"))
	}
	for _, cores := range []int{1, 2} {
		before := runtime.GOMAXPROCS(cores)
		var runs sync.WaitGroup
		for range 5 {
			runs.Go(func() {
				for range 10 {
					if got := echoes(t, 7); !slices.Equal(got, wanted) {
						t.Errorf("%d cores:\n%s\nnot\n%s", cores, strings.Join(got, "\n"), strings.Join(wanted, "\n"))
					}
				}
			})
		}
		runs.Wait()
		runtime.GOMAXPROCS(before)
	}
}

// What waits is not woken by time that does not concern it, and a sleep alone ends in time.
func TestSleep(t *testing.T) {
	script := play(t, 1, Options{Arguments: []string{"guest", "sleep"}}, 10*time.Second, nil)
	if wanted := []string{"1.5s out slept", "1.5s end exited exited with status 0"}; !slices.Equal(script, wanted) {
		t.Errorf("%q, not %q", script, wanted)
	}
}
