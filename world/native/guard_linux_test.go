package native

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A node that is paused stands still with all its processes; one that is slow runs one slice of many.
func TestSteering(t *testing.T) {
	s := steering{}
	step := func(order string, want posture, long time.Duration) {
		t.Helper()
		if order != "" {
			s.take(order)
		}
		posture, next := s.next()
		require.Equal(t, want, posture, order)
		require.Equal(t, long, next, order)
		s.posture = posture
	}
	step("", moving, never)
	step("pause on", standing, never)
	step("freeze on", standing, never)
	step("pause off", standing, never)
	step("freeze off", moving, never)
	step("slow 1000000", resting, 20*time.Millisecond)
	step("", moving, runSlice)
	step("", resting, 20*time.Millisecond)
	step("pause on", standing, never)
	step("pause off", moving, runSlice)
	step("slow 0", moving, never)
}
