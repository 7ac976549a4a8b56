package engine

import (
	"cmp"
	"slices"

	"cleave/history"
	"cleave/models"
)

// explains replays an order on the model: every operation that must have happened is in it once, at an instant
// of its interval, and the model allows each step.
func explains(model models.Model, kept *kept, order []int) bool {
	left := kept.completed()
	seen := make([]bool, len(kept.operations))
	state, latest := model.Init(), history.Time(-history.Forever-1)
	for _, place := range order {
		operation := &kept.operations[place]
		possible, next := model.Step(state, *operation)
		if latest = max(latest, operation.Invoked); !possible || seen[place] || latest > operation.Completed {
			return false
		}
		seen[place], state = true, next
		if kept.certain[place] {
			left--
		}
	}
	return left == 0
}

// byVersion proposes the order of the versions that servers gave with their answers, if they all did: a change
// before those who only looked. If it explains the operations, no search is needed.
func byVersion(model models.Model, kept *kept) (order []int, found bool) {
	for i := range kept.operations {
		switch operation := &kept.operations[i]; {
		case !kept.certain[i]:
		case operation.Version <= 0:
			return nil, false
		default:
			order = append(order, i)
		}
	}
	looks := func(place int) int {
		if model.Observes(kept.operations[place]) {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(order, func(a, b int) int {
		one, other := &kept.operations[a], &kept.operations[b]
		return cmp.Or(cmp.Compare(one.Version, other.Version), cmp.Compare(looks(a), looks(b)), cmp.Compare(one.Invoked, other.Invoked))
	})
	return order, explains(model, kept, order)
}
