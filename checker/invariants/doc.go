// Package invariants judges what applications rely on, each invariant for one object and straight from the answers,
// without looking for an order of the operations: elements of a queue and of a set, bounds of a counter, ids that
// are given once, a lock that one client holds, money that does not change, configurations that go on. All are
// sound: what they find broken no correct object does. They are not complete: see each for what it looks at. And
// they count and measure what they find, also where it is allowed.
//
// What failed is left out; what has an unknown outcome may have happened at any time after its invocation, or never;
// operations whose intervals touch are concurrent. Package checker makes checkers of these.
//
// A map of the files: report.go (Report, Number and what all share), queue.go, set.go, counter.go, total.go (a
// counter that comes to be right), ids.go (unique ids, configuration versions), bank.go, mutex.go (mutual
// exclusion, tokens and fenced writes).
package invariants
