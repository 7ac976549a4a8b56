// Package znodes is the state that a store in the manner of ZooKeeper replicates: the tree of znodes,
// with versions, access lists and sequential names, and the sessions that ephemeral znodes live with.
// It also has the table of watches that each server keeps for its own clients.
//
//	log entry ──Command──▶ State.Apply ──▶ Reply for who asked, Changes ──▶ Watches.Trigger ──▶ events
//	client ──────Request──▶ State.Read ───▶ Reply
//
// A State is a pure function of the entries applied: it has no clock, no randomness and no map order.
// The codes of refusals, and the order of the checks that give them, are those of ZooKeeper 3.8.0
// (PrepRequestProcessor, FinalRequestProcessor and DataTree). On purpose it differs from 3.8.0 in
// this: children and ephemeral nodes are listed in order; a watch that fires once does not replace a
// lasting one of the same owner, as in 3.9; there are no quotas; a createTTL whose flags say neither of the kinds with a time to live is refused even
// if its time is negative, which 3.8.0 does not survive.
//
// A map of the files, from the bottom up:
//
//   - binary.go (varints, byte strings and ACLs as bytes), path.go (which paths there may be), paths.go
//     (a sorted set of them)
//   - options.go (Options, the planted bugs, digests), identity.go (who is meant by an ACL's entry),
//     access.go (ACLs: kept once each, checked, asked)
//   - tree.go (the znodes, and how changes are undone), session.go (the sessions)
//   - command.go (what a log entry says), state.go (State, applying a command), operation.go (creates,
//     deletes, sets), multi.go (several as one), clean.go (containers and nodes with a time to live)
//   - read.go (what needs no log entry), snapshot.go (the state as bytes)
//   - watch.go (Watches), watchtable.go (the watches of one kind of change)
package znodes
