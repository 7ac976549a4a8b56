// Package tidy holds the rules of this repository that a compiler does not know, as a test.
//
// TestTheHouseIsTidy reads every file of the module and fails with a line per finding, which says
// where, what is wrong and how to mend it. Only the standard library is used; types of other
// modules come from the export data that "go list -export" finds in the build cache.
//
// A rule can be set aside at one place by a comment that ends on the line above:
//
//	// order does not matter: <why>   a range over a map
//	// wall time: <why>               a checker that reads the clock for its budget
//
// A map of the files: tidy.go (Check, Finding and the list of rules), module.go (Module and File:
// what is read), typing.go (types of expressions); and one file per rule: imports.go (who may
// import whom), determinism.go (no threads, clock or randomness in simulated code), maporder.go (no
// decision by map order), floats.go (no floating point in decisions), sizes.go (functions, files,
// lines), documentation.go (comments and maps of files), conduct.go (what libraries never do),
// leftovers.go (unfinished work and paths of one machine).
package tidy
