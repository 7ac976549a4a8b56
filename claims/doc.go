// Package claims puts what the literature says of these systems to the test: each sentence is data, with its source, the
// plans that could contradict it, what their runs must show, and a wording under which it is true, which is tested too.
//
//	claim ──▶ findings (experiment, number, bound) ──▶ runs, shared between claims ──▶ evidence with spread ──▶ verdict
//	             as it is worded      │
//	             as it is true        └─ every seed gives each finding one whole number
//
// A sentence is supported if every finding holds in every run that says something, and twenty do; one run that does not
// refutes it. What is said of most runs, or of some, is judged so (Rule). Numbers come from the results of checkers alone.
//
// A map of the files: claim.go (Claim, Finding and their parts), value.go (whole numbers and bounds), experiment.go (a plan
// but for its seed), numbers.go (the numbers that claims read), judge.go (evidence and verdicts), run.go (all runs, on all
// cores), report.go (what is shown), table.go (all claims), experiments.go (their experiments); and the claims by theme:
// consistency.go, availability.go, sessions.go, registries.go, recipes.go, calls.go; real.go (one run each on real systems).
package claims
