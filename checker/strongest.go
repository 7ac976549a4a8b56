package checker

import (
	"slices"

	"cleave/checker/consistency"
	"cleave/checker/evidence"
	"cleave/history"
	"cleave/models"
)

// Strongest names the strongest consistency models that hold of a history of registers, from linearizable down to
// single session guarantees (package consistency), and says why no stronger one does. A session is a client. It
// judges nothing: Valid means that it was measured.
type Strongest struct {
	Functions []history.Function // operations with other functions are left out
}

// mostSteps bounds the search for a sequential order of operations on several keys.
const mostSteps = 500_000

// Name is "consistency".
func (Strongest) Name() string { return "consistency" }

// Check climbs from the weakest model to the strongest. Unknown are values that were written twice.
func (s Strongest) Check(h *history.History, budget Budget) Result {
	if budget.Unmeasured {
		return Result{Verdict: Valid, Reason: "measured only when measures are wanted"}
	}
	ladder := s.Ladder(h, budget)
	if ladder.Problem != "" {
		return Result{Verdict: Unknown, Reason: ladder.Problem}
	}
	return Result{Verdict: Valid, Reason: "measured: the strongest that holds is " + ladder.String()}
}

// Ladder is what was found of every model. Linearizability is judged key after key, by Linearizable.
func (s Strongest) Ladder(h *history.History, budget Budget) consistency.Ladder {
	linearizable := Run(Linearizable{Model: models.Register(), Functions: s.Functions}, h, budget)
	return consistency.Climb(chosen(h.Operations, s.Functions), findingOf(linearizable), mostSteps)
}

// Consistent judges one consistency model of registers other than linearizability, for which see Linearizable.
// Its witness is the fewest operations that the model forbids.
type Consistent struct {
	Model     consistency.Model
	Functions []history.Function // operations with other functions are left out
}

// Name is that of the model, e.g. "causal".
func (c Consistent) Name() string { return string(c.Model) }

// Check judges all keys together.
func (c Consistent) Check(h *history.History, _ Budget) Result {
	return resultOf(consistency.Check(c.Model, chosen(h.Operations, c.Functions), mostSteps))
}

// GrowingLists judges that each client sees lists, or logs, grow only, and that all see the same list grow.
type GrowingLists struct {
	Functions []history.Function // the reads
}

// Name is "monotonic-prefix".
func (GrowingLists) Name() string { return "monotonic-prefix" }

// Check judges all keys.
func (g GrowingLists) Check(h *history.History, _ Budget) Result {
	return resultOf(consistency.MonotonicPrefix(chosen(h.Operations, g.Functions)))
}

// Converging judges that when the last write had completed, and in the quiet phase if there is one, all clients come to
// read the same; Convergence, which knows which node answered, judges nodes.
type Converging struct {
	Functions []history.Function // reads and writes
}

// Name is "converging".
func (Converging) Name() string { return "converging" }

// Check judges. It is Unknown if of no key two clients read then.
func (c Converging) Check(h *history.History, _ Budget) Result {
	quiet, _ := h.PhaseStart(history.Quiet)
	return resultOf(consistency.Converges(chosen(h.Operations, c.Functions), quiet))
}

// chosen are the operations with some functions.
func chosen(operations []history.Operation, functions []history.Function) []history.Operation {
	var found []history.Operation
	for i := range operations {
		if slices.Contains(functions, operations[i].Function) {
			found = append(found, operations[i])
		}
	}
	return found
}

// resultOf is what a sub-package found as a result.
func resultOf(found evidence.Finding) Result {
	switch found.State {
	case evidence.Holds:
		return Result{Verdict: Valid, Reason: found.Reason}
	case evidence.Broken:
		return Result{Verdict: Invalid, Reason: found.Reason,
			Witness: &Witness{Key: found.Key, Operations: found.Operations, Explanation: found.Explanation}}
	}
	return Result{Verdict: Unknown, Reason: found.Reason}
}

// findingOf is a result as the sub-packages have it.
func findingOf(result Result) evidence.Finding {
	switch result.Verdict {
	case Valid:
		return evidence.Holding(result.Reason)
	case Invalid:
		return evidence.Finding{State: evidence.Broken, Reason: result.Reason, Key: result.Witness.Key,
			Operations: result.Witness.Operations, Explanation: result.Witness.Explanation}
	}
	return evidence.Undecidable(result.Reason)
}
