package wasi

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// resident is how much memory this process has of the machine, in bytes; 0 where that is not to be known.
func resident() int64 {
	status, _ := os.ReadFile("/proc/self/statm")
	fields := strings.Fields(string(status))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize())
}

// Instances that were stopped, or ended, leave neither memory nor goroutines behind.
func TestStopFreesEverything(t *testing.T) {
	many := func(count int) (memory int64, goroutines int) {
		for n := range count {
			does := []string{"echo", "sleep", "deaf"}[n%3]
			play(t, uint64(n), Options{Arguments: []string{"guest", does}}, 2*time.Second, nil)
		}
		runtime.GC()
		runtime.GC()
		return resident(), runtime.NumGoroutine()
	}
	before, goroutines := many(20)
	after, more := many(60)
	if grown := after - before; grown > 60<<20 { // each has touched some five megabytes
		t.Errorf("60 instances left %d bytes", grown)
	}
	if more > goroutines {
		t.Errorf("%d goroutines, and then %d", goroutines, more)
	}
}

// An instance that never began can be stopped, and one can be stopped twice.
func TestStopBeforeStart(t *testing.T) {
	i := guestProgram(t, "guest").New(Options{})
	i.Stop()
	i.Stop()
	i.Input([]byte("nobody"))
}
