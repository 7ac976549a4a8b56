package reports

import (
	"math"
	"slices"

	"cleave/history"
)

// warp places time in a picture of a few moments. Their order is what matters there, and they may be milliseconds
// or minutes apart; so every distance between two of them gets some room and long ones only a little more. It is not
// to scale, and the pictures say so.
type warp struct {
	stops  []history.Time
	at     []float64
	before float64 // where is what comes before the first stop
	after  float64 // and what comes after the last
}

// newWarp spreads the stops from left to right margin; what comes later stands at the margin beyond.
func newWarp(stops []history.Time, left, right, beyond float64) warp {
	slices.Sort(stops)
	w := warp{stops: slices.Compact(stops), before: left, after: chartWidth - beyond}
	total := 0.0
	for i := range w.stops {
		if i > 0 {
			total += 1 + 0.85*math.Log10(1+float64(w.stops[i]-w.stops[i-1])/1e6)
		}
		w.at = append(w.at, total)
	}
	for i := range w.at {
		w.at[i] = left + w.at[i]/max(total, 1)*(chartWidth-left-right)
	}
	return w
}

// x is where an instant is; between two stops in proportion.
func (w warp) x(t history.Time) float64 {
	after, exact := slices.BinarySearch(w.stops, t)
	switch {
	case exact:
		return w.at[after]
	case after == 0:
		return w.before
	case after == len(w.stops):
		return w.after
	}
	share := float64(t-w.stops[after-1]) / float64(w.stops[after]-w.stops[after-1])
	return w.at[after-1] + share*(w.at[after]-w.at[after-1])
}

// stretch is between which two stops an instant is.
func (w warp) stretch(t history.Time) int {
	at, _ := slices.BinarySearch(w.stops, t)
	return at
}
