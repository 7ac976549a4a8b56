// Package checker judges histories. A Checker is a pure function of a history: it says valid,
// invalid with a witness, or unknown with the cause, and what it measured on the way.
//
// A map of the files: checker.go (Checker, Result, Verdict and how they merge), and one file per
// property: linearizable.go, sequential.go, availability.go, staleness.go, discovery.go,
// convergence.go, vacuity.go, and so on.
package checker
