package models_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/internal/rng"
	"cleave/models"
)

// Items do what a map and a sorted slice do, and older versions stay as they were.
func TestItemsAreAMap(t *testing.T) {
	random := rng.New(1)
	var items, older models.Items
	plain, olderPlain := map[int64]int64{}, map[int64]int64{}
	for step := range 1000 {
		key, value := random.Below(60), random.Below(5)
		if random.Chance(1, 3) {
			items = items.Without(history.Integer(key))
			delete(plain, key)
		} else {
			items = items.With(history.Integer(key), history.Integer(value))
			plain[key] = value
		}
		same(t, plain, items)
		if step%50 == 0 {
			same(t, olderPlain, older)
			older, olderPlain = items, maps.Clone(plain)
		}
	}
}

func same(t *testing.T, plain map[int64]int64, items models.Items) {
	keys := slices.Sorted(maps.Keys(plain))
	require.Equal(t, len(keys), items.Len())
	place := 0
	for key, value := range items.All() {
		require.Equal(t, history.Integer(keys[place]), key)
		require.Equal(t, history.Integer(plain[keys[place]]), value)
		found, there := items.Get(key)
		require.True(t, there && found.Equal(value))
		place++
	}
	if len(keys) > 0 {
		first, _ := items.First()
		last, _ := items.Last()
		require.Equal(t, history.Integer(keys[0]), first)
		require.Equal(t, history.Integer(keys[len(keys)-1]), last)
	}
}

// Equal states are equal, and have one hash, whatever way led there; others are not.
func TestStatesAreWhatTheyHold(t *testing.T) {
	for seed := range uint64(500) {
		random := rng.New(seed)
		order := []int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
		var one models.Items
		for _, n := range order {
			one = one.With(history.Integer(n), history.Integer(n%3))
		}
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		other := models.Items{}.With(history.Text("x"), history.Nothing)
		for _, n := range order {
			other = other.With(history.Integer(n), history.Integer(n%3))
		}
		require.False(t, models.State{Items: one}.Equal(models.State{Items: other}))
		other = other.Without(history.Text("x")).Without(history.Text("y"))
		require.True(t, models.State{Items: one}.Equal(models.State{Items: other}))
		require.Equal(t, models.State{Items: one}.Hash(), models.State{Items: other}.Hash())
		changed := other.With(history.Integer(4), history.Integer(7))
		require.False(t, models.State{Items: one}.Equal(models.State{Items: changed}))
		require.NotEqual(t, models.State{Items: one}.Hash(), models.State{Items: changed}.Hash())
	}
}

// Numbers come before texts, and texts before lists.
func TestItemsAreInOrder(t *testing.T) {
	one, two := history.Integer(1), history.Integer(2)
	var items models.Items
	for _, key := range []history.Value{history.List(one, two), history.Text("b"), two, history.List(one), history.Text("a"), one, history.Nothing} {
		items = items.With(key, history.Nothing)
	}
	require.Equal(t, "[nil 1 2 a b [1] [1 2]]", items.Keys().String())
}
