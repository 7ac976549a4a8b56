// Package evidence is what the algorithms of checker's sub-packages hand back: whether a property holds,
// the operations that show it if not, and how to tell of them in words. It judges nothing.
//
// A map of the files: finding.go (Finding and its State), words.go (operations and times in words), alone.go
// (operations where there is one object), identity.go (values as keys of maps).
package evidence
