// Package cachedcp is the hybrid: the CP store's nodes, unchanged, and clients that answer from a cache of their own, as
// Pinterest's daemon on every host and Airbnb's SmartStack have it.
//
//	             watch, get again           cache-lookup
//	CP store ────────────────────▶ cache ────────────────▶ consumer
//	                               │  ▲
//	          the last good list,  │  │ "are you there?", every second
//	          on disk              ▼  ▼
//	                            file  instances
//
// It promises neither what the store does nor what an AP registry does:
//   - a lookup or a registration that goes to the store needs a quorum, as in the store;
//   - a cache that has answered always does: without a quorum, without any node, and after its process began again;
//   - what it answers may be old, without bound while it is cut off; once its client can reach a quorum again, it
//     follows in a bounded time;
//   - it never becomes empty. A service that is really gone stays listed, which is the price of that.
//
// What it cannot do is to let anybody register without a quorum: who comes up during a partition on the smaller side is
// found by nobody, however good the caches are.
//
// A list of the store's takes the place of the last good one by these rules:
//   - an empty list never does;
//   - one of less than half as many instances, but of some, does when the store has listed so few for a time
//     (Options.Confirm), for a store whose clients are just coming back looks the same as one whose clients have left;
//   - every other list does at once.
//
// Whoever is listed is asked whether it is there; who does not answer a few times, or answers that it has ended, is left
// out of answers until it answers again, and stays in the list. If that leaves nobody, the check is taken to be at
// fault, and all are given. In containers, where clients cannot be called, there is no check (Options.Check of 0).
//
// A map of the files: options.go (Options), system.go (System), bugs.go (what can be planted), user.go (the client and
// its lives), cache.go (the lists: watching, reading, validating), file.go (the list on disk), health.go (the check).
package cachedcp
