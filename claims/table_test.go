package claims

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/harness"
)

func TestTableIsWellFormed(t *testing.T) {
	all := All()
	require.GreaterOrEqual(t, len(all), 25)
	seen, found, inContainers := map[string]bool{}, map[Verdict]int{}, 0
	for _, c := range all {
		require.Regexp(t, regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`), c.ID)
		require.False(t, seen[c.ID], c.ID)
		seen[c.ID] = true
		for _, text := range []string{c.Says, c.Source.Says, c.Precisely} {
			require.Regexp(t, `^[A-Z].*\.$`, text, c.ID)
		}
		require.NotEmpty(t, c.Source.Document, c.ID)
		require.Contains(t, []Verdict{Supported, Refuted, Inconclusive}, c.Found, c.ID)
		require.Equal(t, c.Found != Supported, c.Because != "", c.ID)
		require.NotEmpty(t, c.Worded, c.ID)
		require.NotEmpty(t, c.Bounds, c.ID)
		for _, f := range slices.Concat(c.Worded, c.Bounds) {
			require.NotEmpty(t, f.Shows, c.ID)
			require.LessOrEqual(t, f.Must.Least, f.Must.Most, c.ID)
		}
		if c.Real {
			inContainers++
		}
		found[c.Found]++
	}
	require.Positive(t, found[Refuted])
	require.GreaterOrEqual(t, inContainers, 10)
	for _, e := range Experiments(all) {
		require.NoError(t, e.Plan(1).Validate(), e)
	}
}

// made is a judgement that gives each number a value, as a count.
func made(numbers map[Number]Value) harness.Judgement {
	j := harness.Judgement{}
	for number, value := range numbers {
		result := checker.Result{Checker: number.Checker, Title: number.Title, Verdict: checker.Valid}
		if number.Name == "" {
			result.Verdict = map[Value]checker.Verdict{0: checker.Invalid, 1: checker.Valid}[value]
		} else {
			result.Measures = []checker.Measure{{Name: number.Name, Side: number.Side, Phase: string(number.Phase), Function: number.F,
				Value: float64(value), Unit: checker.Count}}
		}
		j.Measured = append(j.Measured, result)
	}
	return j
}

// judged is the verdict on a claim's wording if all its runs hold, but for those of one finding.
func judged(c Claim, runs int, contrary int) Verdict {
	var all []Trial
	for seed := uint64(1); seed <= uint64(runs); seed++ {
		numbers := map[Experiment]map[Number]Value{}
		set := func(e Experiment, n Number, v Value) {
			if numbers[e] == nil {
				numbers[e] = map[Number]Value{}
			}
			numbers[e][n] = v
		}
		for i, f := range c.Worded {
			v := holding(f.Must)
			if i == contrary {
				v = contradicting(f.Must)
			}
			if f.Minus != nil {
				other := f.Minus.Of
				if other == (Experiment{}) {
					other = f.Of
				}
				set(other, f.Minus.Number, 1000)
				v += 1000
			}
			set(f.Of, f.Number, v)
		}
		for e, n := range numbers {
			all = append(all, Trial{Experiment: e, Seed: seed, Judgement: made(n)})
		}
	}
	return Judge([]Claim{c}, all, Seeds{1, uint64(max(runs, 1))})[0].Verdict
}

func holding(b Bound) Value {
	if b.Least == least {
		return b.Most
	}
	return b.Least
}

func contradicting(b Bound) Value {
	switch {
	case b == kept:
		return 0
	case b.Most == most:
		return b.Least - 1
	}
	return b.Most + 1
}

// Each claim is supported by twenty runs that hold, refuted by any of its findings, and not decided by fewer.
func TestEachClaimCanEndInEachVerdict(t *testing.T) {
	const nobody = -1
	for _, c := range All() {
		require.Equal(t, Supported, judged(c, Enough, nobody), c.ID)
		require.Equal(t, Inconclusive, judged(c, Enough-1, nobody), c.ID)
		require.Equal(t, Inconclusive, judged(c, 0, nobody), c.ID)
		for i, f := range c.Worded {
			want := map[Rule]Verdict{InEvery: Refuted, InMost: Refuted, InSome: Inconclusive}[f.In]
			require.Equal(t, want, judged(c, Enough, i), "%s: %s", c.ID, f.Shows)
		}
	}
}

// What the table says it found is what its own wording asks for.
func TestAsExpected(t *testing.T) {
	r := Result{Claim: Claim{Found: Refuted}, Verdict: Refuted, Precise: Supported}
	require.True(t, r.AsExpected())
	require.Empty(t, r.alarm())
	r.Verdict = Supported
	require.False(t, r.AsExpected())
	require.Contains(t, r.alarm(), "found to be refuted so far")
	r.Verdict, r.Precise = Refuted, Inconclusive
	require.False(t, r.AsExpected())
	require.Contains(t, r.alarm(), "precise wording is inconclusive")
}

func TestFind(t *testing.T) {
	found, err := Find([]string{"stale-beats-none", "updates-atomic"})
	require.NoError(t, err)
	require.Equal(t, []string{"updates-atomic", "stale-beats-none"}, []string{found[0].ID, found[1].ID})
	_, err = Find([]string{"no-such"})
	require.ErrorContains(t, err, "updates-atomic")
	everything, err := Find(nil)
	require.NoError(t, err)
	require.Len(t, everything, len(All()))
	require.False(t, strings.Contains(names(everything), ", ,"))
}
