package workloads

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"cleave/history"
)

// Planned is an operation of a plan.
type Planned struct {
	At     history.Time `json:"at"` // not before; later if the client is busy
	Client string       `json:"client"`
	history.Request
	// Must is for operations that are done even if the client was busy for long; others are left out
	// when their time has passed by more than Patience.
	Must bool `json:"must,omitempty"`
}

// Patience is how late an operation may be begun that need not be.
const Patience = history.Time(500 * time.Millisecond)

// Validate tells what is wrong with a plan for these clients, naming the operation.
func Validate(plan []Planned, clients []history.Placement) error {
	for i, planned := range plan {
		known := slices.ContainsFunc(clients, func(c history.Placement) bool { return c.Client == planned.Client })
		switch {
		case !known:
			return fmt.Errorf("operation %d: there is no client %.60q", i, planned.Client)
		case planned.Function == "":
			return fmt.Errorf("operation %d: it has no function \"f\"", i)
		case planned.At < 0:
			return fmt.Errorf("operation %d: it is planned %.3f s before the run", i, -planned.At.Seconds())
		}
	}
	return nil
}

// inOrder sorts a plan by time; equal times stay as they were.
func inOrder(plan []Planned) []Planned {
	type place struct {
		at history.Time
		in int
	}
	order := make([]place, len(plan)) // which are quicker to move than what they stand for
	for i := range plan {
		order[i] = place{plan[i].At, i}
	}
	slices.SortFunc(order, func(a, b place) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.in, b.in)) })
	sorted := make([]Planned, len(plan))
	for i := range order {
		sorted[i] = plan[order[i].in]
	}
	return sorted
}
