package claims

import (
	"fmt"
	"math"

	"cleave/checker"
)

// Value is a measured number, whole: microseconds of time, hundredths of a percent of ratios, 1 for a promise that
// was kept and 0 for one that was broken, and else a count.
type Value int64

// unit says how a Value is shown.
type unit string

const (
	ofTime    unit = "time"
	ofShare   unit = "share"
	ofVerdict unit = "verdict"
	ofCount   unit = "count"
)

// The units of bounds.
const (
	second  Value = 1_000_000
	percent Value = 100
)

const (
	least Value = math.MinInt64
	most  Value = math.MaxInt64
)

// atMost, atLeast and between are bounds; kept is that of a promise.
func atMost(limit Value) Bound      { return Bound{least, limit} }
func atLeast(limit Value) Bound     { return Bound{limit, most} }
func between(low, high Value) Bound { return Bound{low, high} }

var kept, broken, none, all, some = Bound{1, 1}, Bound{0, 0}, Bound{0, 0}, Bound{100 * percent, 100 * percent}, atLeast(1)

// holds tells whether a value is within a bound.
func (b Bound) holds(v Value) bool { return b.Least <= v && v <= b.Most }

// valueOf turns a measure into whole numbers.
func valueOf(m checker.Measure) (Value, unit) {
	switch m.Unit {
	case checker.Milliseconds:
		return Value(math.Round(m.Value * 1000)), ofTime
	case checker.Ratio:
		return Value(math.Round(m.Value * float64(100*percent))), ofShare
	}
	return Value(math.Round(m.Value)), ofCount
}

// text shows a value in its unit, by whole numbers alone.
func (v Value) text(in unit) string {
	if v < 0 && in != ofVerdict {
		return "-" + (-v).text(in)
	}
	switch in {
	case ofTime:
		return v.time()
	case ofShare:
		if v%percent == 0 {
			return fmt.Sprintf("%d%%", v/percent)
		}
		return fmt.Sprintf("%d.%d%%", v/percent, v%percent/10)
	case ofVerdict:
		return map[Value]string{1: "kept", 0: "broken"}[v]
	}
	return fmt.Sprint(int64(v))
}

// time shows microseconds.
func (v Value) time() string {
	switch {
	case v == 0:
		return "0 s"
	case v < 1000:
		return fmt.Sprintf("0.%02d ms", v/10)
	case v < second:
		return fmt.Sprintf("%d ms", v/1000)
	}
	return fmt.Sprintf("%d.%02d s", v/second, v%second/10_000)
}

// text says what a number must be.
func (b Bound) text(in unit) string {
	switch {
	case b == some:
		return "above 0"
	case b.Least == b.Most:
		return b.Least.text(in)
	case b.Least == least:
		return "at most " + b.Most.text(in)
	case b.Most == most:
		return "at least " + b.Least.text(in)
	}
	return b.Least.text(in) + " to " + b.Most.text(in)
}
