package claims

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/harness"
	"cleave/history"
)

// readings are values of runs with the seeds 1, 2, 3, ...
func readings(values ...Value) []reading {
	var all []reading
	for i, v := range values {
		all = append(all, reading{uint64(i + 1), v})
	}
	return all
}

// times is a value so many times, and then others.
func times(count int, v Value, others ...Value) []reading {
	var values []Value
	for range count {
		values = append(values, v)
	}
	return readings(append(values, others...)...)
}

func TestRules(t *testing.T) {
	for name, c := range map[string]struct {
		rule     Rule
		readings []reading
		want     Verdict
	}{
		"every: twenty agree":            {InEvery, times(20, 1), Supported},
		"every: nineteen are too few":    {InEvery, times(19, 1), Inconclusive},
		"every: one contradicts":         {InEvery, times(24, 1, 7), Refuted},
		"every: one of one contradicts":  {InEvery, readings(7), Refuted},
		"every: nobody says anything":    {InEvery, nil, Inconclusive},
		"most: three of four":            {InMost, times(15, 1, 7, 7, 7, 7, 7), Supported},
		"most: one less":                 {InMost, times(14, 1, 7, 7, 7, 7, 7, 7), Inconclusive},
		"most: one of four":              {InMost, times(15, 7, 1, 1, 1, 1, 1), Refuted},
		"most: one of four, but too few": {InMost, times(12, 7, 1, 1, 1, 1), Inconclusive},
		"some: one":                      {InSome, times(24, 7, 1), Supported},
		"some: none":                     {InSome, times(25, 7), Inconclusive},
	} {
		e := Finding{Must: atMost(5), In: c.rule}.weigh(c.readings, ofCount, 25)
		require.Equal(t, c.want, e.Verdict, name)
		require.Equal(t, c.want == Inconclusive, e.Cause != "", name)
	}
}

func TestSpread(t *testing.T) {
	e := Finding{Must: atMost(5)}.weigh(readings(4, 9, 1, 9, 2), ofTime, 6)
	require.Equal(t, []Value{1, 4, 9}, []Value{e.Min, e.Median, e.Max})
	require.Equal(t, []uint64{3, 2, 2}, []uint64{e.MinSeed, e.MaxSeed, e.Against})
	require.Equal(t, []int{6, 5, 3}, []int{e.Runs, e.Said, e.Held})
	even := Finding{}.weigh(readings(4, 1, 3, 2), ofTime, 4)
	require.Equal(t, Value(2), even.Median, "the lower of the two in the middle")
}

func TestMerge(t *testing.T) {
	yes, no, open := Evidence{Verdict: Supported}, Evidence{Verdict: Refuted}, Evidence{Verdict: Inconclusive, Cause: "too few"}
	for _, c := range []struct {
		want Verdict
		all  []Evidence
	}{{Supported, []Evidence{yes, yes}}, {Inconclusive, []Evidence{yes, open, yes}}, {Refuted, []Evidence{open, no, yes}}} {
		verdict, _ := merge(c.all)
		require.Equal(t, c.want, verdict)
	}
}

// A number is found by checker, title, name, side, phase and function; a run that put nothing to the test has none.
func TestNumbersAreRead(t *testing.T) {
	j := harness.Judgement{
		Promises: []checker.Result{{Checker: "linearizable", Title: "one", Verdict: checker.Valid},
			{Checker: "linearizable", Title: "two", Verdict: checker.Invalid},
			{Checker: "sequential", Verdict: checker.Unknown}, {Checker: "vacuity", Verdict: checker.Valid}},
		Measured: []checker.Result{{Checker: "availability", Verdict: checker.Valid, Measures: []checker.Measure{
			{Name: "success", Side: "minority", Phase: "faults", Function: history.Read, Value: 0.98765, Unit: checker.Ratio},
			{Name: "success", Side: "minority", Phase: "faults", Function: history.Write, Value: 0, Unit: checker.Ratio},
			{Name: "longest outage", Phase: "faults", Value: 1234.5678, Unit: checker.Milliseconds},
		}}},
	}
	for _, c := range []struct {
		number Number
		want   Value
		in     unit
	}{
		{promise("linearizable", "one"), 1, ofVerdict}, {promise("linearizable", "two"), 0, ofVerdict},
		{answered(minority, history.Read), 9877, ofShare}, {answered(minority, history.Write), 0, ofShare},
		{Number{Checker: "availability", Name: "longest outage", Phase: history.Faults}, 1_234_568, ofTime},
	} {
		value, in, found := c.number.read(j)
		require.True(t, found, c.number)
		require.Equal(t, c.want, value, c.number)
		require.Equal(t, c.in, in, c.number)
	}
	for _, absent := range []Number{promise("sequential", ""), answered(majority, history.Read), promise("nobody", "")} {
		_, _, found := absent.read(j)
		require.False(t, found, absent)
	}
	j.Promises[3].Verdict = checker.Unknown
	_, _, found := promise("linearizable", "one").read(j)
	require.False(t, found, "the run put nothing to the test")
}

func TestValuesInWords(t *testing.T) {
	for want, got := range map[string]string{
		"1.23 s": Value(1_234_567).text(ofTime), "12 ms": Value(12_345).text(ofTime), "0.99 ms": Value(999).text(ofTime), "0 s": Value(0).text(ofTime),
		"-250 ms": Value(-250_000).text(ofTime), "33.3%": Value(3333).text(ofShare), "100%": Value(10_000).text(ofShare), "-7.5%": Value(-750).text(ofShare),
		"17": Value(17).text(ofCount), "kept": kept.text(ofVerdict), "broken": broken.text(ofVerdict), "at most 2.00 s": atMost(2 * second).text(ofTime),
		"at least 20%": atLeast(20 * percent).text(ofShare), "above 0": some.text(ofCount), "1.00 s to 2.00 s": between(second, 2*second).text(ofTime),
	} {
		require.Equal(t, want, got)
	}
}
