package checker

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Lengths of time are told as far as people care.
func TestBrief(t *testing.T) {
	for length, want := range map[time.Duration]string{time.Minute + 1: "1m0s", 1425151600: "1.425s", 789368: "789.368µs", 0: "0s"} {
		require.Equal(t, want, brief(length))
	}
}
