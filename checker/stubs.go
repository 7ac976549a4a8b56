package checker

import (
	"cleave/history"
	"time"
)

// NoLostRegistration is described in its own file.
type NoLostRegistration struct {
	Service string
	Settle  time.Duration
}

// Name is "no-lost-registration".
func (NoLostRegistration) Name() string { return "no-lost-registration" }

// Check judges.
func (NoLostRegistration) Check(*history.History, Budget) Result {
	return Result{Verdict: Unknown, Reason: "not judged"}
}

// NoGhostForever is described in its own file.
type NoGhostForever struct {
	Service string
	Settle  time.Duration
	Allowed time.Duration
}

// Name is "no-ghost".
func (NoGhostForever) Name() string { return "no-ghost" }

// Check judges.
func (NoGhostForever) Check(*history.History, Budget) Result {
	return Result{Verdict: Unknown, Reason: "not judged"}
}

// NoPhantom is described in its own file.
type NoPhantom struct {
	Service string
}

// Name is "no-phantom".
func (NoPhantom) Name() string { return "no-phantom" }

// Check judges.
func (NoPhantom) Check(*history.History, Budget) Result {
	return Result{Verdict: Unknown, Reason: "not judged"}
}

// NoForgetting is described in its own file.
type NoForgetting struct {
	Service string
	Kinds   []string
}

// Name is "no-forgetting".
func (NoForgetting) Name() string { return "no-forgetting" }

// Check judges.
func (NoForgetting) Check(*history.History, Budget) Result {
	return Result{Verdict: Unknown, Reason: "not judged"}
}

// Convergence is described in its own file.
type Convergence struct {
	Functions []history.Function
	Settle    time.Duration
}

// Name is "convergence".
func (Convergence) Name() string { return "convergence" }

// Check judges.
func (Convergence) Check(*history.History, Budget) Result {
	return Result{Verdict: Unknown, Reason: "not judged"}
}

// Vacuity is described in its own file.
type Vacuity struct {
}

// Name is "vacuity".
func (Vacuity) Name() string { return "vacuity" }

// Check judges.
func (Vacuity) Check(*history.History, Budget) Result {
	return Result{Verdict: Unknown, Reason: "not judged"}
}

// NoPanic is described in its own file.
type NoPanic struct {
}

// Name is "no-panic".
func (NoPanic) Name() string { return "no-panic" }

// Check judges.
func (NoPanic) Check(*history.History, Budget) Result {
	return Result{Verdict: Unknown, Reason: "not judged"}
}

// ElectionSafety is described in its own file.
type ElectionSafety struct {
}

// Name is "election-safety".
func (ElectionSafety) Name() string { return "election-safety" }

// Check judges.
func (ElectionSafety) Check(*history.History, Budget) Result {
	return Result{Verdict: Unknown, Reason: "not judged"}
}
