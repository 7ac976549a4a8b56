// Package nemesis carries out schedules of faults. A schedule is data: each fault has a kind, a start
// and a duration. Faults that overlap compose, because cuts, kills and pauses are counted; so every
// subset of a schedule is a legal schedule.
//
// Whom a fault hits is decided when it starts, by role (the leader, one of the others) and otherwise
// by the fault's own draw. What it did (links cut, messages dropped or disturbed, nodes hit, quorum kept or
// lost) goes into the history.
//
// A map of the files: schedule.go (faults as data, and random schedules), suites.go (named sets of kinds, and
// schedules drawn from them), inturn.go (faults one after another), role.go (whom a fault is aimed at), catalogue.go (the kinds, and what each needs of
// a world), shapes.go and graphs.go (which links each partition cuts), troubles.go (whom the other kinds hit:
// nodes, disks, clocks, messages), harm.go (what is done to disks, and to nodes besides stopping them), members.go
// (who is to be a member), nemesis.go (carrying a schedule out), state.go (who can reach whom).
package nemesis
