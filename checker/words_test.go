package checker

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
)

// Lengths of time are told as far as people care.
func TestBrief(t *testing.T) {
	for length, want := range map[time.Duration]string{time.Minute + 1: "1m0s", 1425151600: "1.425s", 789368: "789.368µs", 0: "0s"} {
		require.Equal(t, want, brief(length))
	}
}

// What a checker says of lengths that a run has is rounded so, too.
func TestLeftIsToldBriefly(t *testing.T) {
	final := history.Operation{Client: "c1", Function: history.Owners, Key: "e", Outcome: history.Ok, Invoked: 56e9, Completed: 56e9}
	result := NoDeadOwner{Allowed: 8 * time.Second}.left(final, "c4-1", "0x5", abandonment{at: 14e9, how: "c4 gave it up"}, 16039999999)
	require.Contains(t, result.Witness.Explanation[1], ", 16.04s after both its end and that of the faults, more than the 8s allowed")
}
