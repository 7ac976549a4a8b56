package consistency

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker/evidence"
	"cleave/history"
	"cleave/models"
)

// atomic tries all orders: reads may be invoked delta earlier, and see one of the last k values.
func (b *brute) atomic(delta history.Time, k int) bool {
	held := map[string][]history.Value{}
	done := make([]bool, len(b.all))
	invoked := func(i int) history.Time {
		if b.all[i].Function == history.Read {
			return b.all[i].Invoked - delta
		}
		return b.all[i].Invoked
	}
	var try func() bool
	try = func() bool {
		left := false
		for i, o := range b.all {
			if done[i] {
				continue
			}
			left = left || o.Outcome == history.Ok
			early := true
			for j := range b.all {
				early = early && (done[j] || j == i || b.all[j].Completed >= invoked(i))
			}
			past := append([]history.Value{history.Nothing}, held[o.Key]...)
			v, sees := seen(&o)
			last := k
			if o.Function == history.CAS {
				last = 1
			}
			fits := !sees
			for _, one := range past[max(len(past)-last, 0):] {
				fits = fits || one.Equal(v)
			}
			if !early || !fits {
				continue
			}
			done[i] = true
			before := held[o.Key]
			if w, writes := models.Written(o); writes {
				held[o.Key] = append(before[:len(before):len(before)], w)
			}
			if try() {
				return true
			}
			done[i], held[o.Key] = false, before
		}
		return !left
	}
	return try()
}

// The least staleness and the least k, against trying them all.
func TestAtomicityAgreesWithItsDefinition(t *testing.T) {
	stale, exact := 0, 0
	for seed := range uint64(*histories / 2) {
		operations := small(seed + 1<<40)
		b := newBrute(operations)
		if _, _, possible := b.past(); !possible {
			continue // also what a client reads at the instant before it writes it
		}
		delta, _, found := Delta(operations)
		want := history.Time(-1)
		for try := history.Time(0); try < 60 && want < 0; try++ {
			if b.atomic(try, 1) {
				want = try
			}
		}
		if found.State == evidence.Broken {
			require.EqualValues(t, -1, want, lines(operations))
			continue
		}
		require.Equal(t, want, delta, lines(operations))
		if want > 0 {
			stale++
		}
		least, most, found := Versions(operations, 10_000)
		require.Equal(t, evidence.Holds, found.State)
		k := 1
		for !b.atomic(0, k) {
			k++
			if k > 9 {
				k = 1 << 30 // swaps, which see no old value, speak against all
				break
			}
		}
		require.LessOrEqual(t, least, k, lines(operations))
		if most != 0 {
			require.GreaterOrEqual(t, most, k, lines(operations))
			require.Equal(t, least, most, lines(operations))
			exact++
		}
	}
	require.Greater(t, stale, *histories/100)
	require.Greater(t, exact, *histories/100)
}
