// Package native is a world in real time for nodes that are programs of any kind: each is a process of the operating
// system that speaks lines on its standard input and output. Everything else, that is clients, services, the network
// with its faults and their counting, is the simulator's own, paced by the machine's clock:
//
//	       lines                       datagrams
//	n1 ◀──────────▶ Instance ◀──▶ ┌───────────────────┐
//	n2 ◀──────────▶ Instance ◀──▶ │ world/sim,        │ ◀──▶ clients, services
//	n3 ◀──────────▶ Instance ◀──▶ │ never ahead of    │
//	                              │ the machine's time│
//	 └ each below a guard         └───────────────────┘
//
// One thread runs the world, in turns: what is due by now, then what nodes have printed since, then all that nodes were
// sent in the turn goes to them at once. A system's nodes stay a world.Process each, which makes an Instance in Start and
// stops it in Stop.
//
// Between the harness and a node's process stands a guard, which is this very program started again (see Guard). It takes
// in whatever the node leaves behind, so that a node can be killed, and is when the harness is gone, with all that it has
// started: children, daemons, those that take no notice of SIGTERM.
//
// What cannot be done to a process from outside is not done: its clock is the machine's, its disk a folder of the
// machine's, which does not fill up or fail, and loses nothing when the process is killed. A loss of power would be a kill
// and is therefore refused. Runs cannot be repeated to the byte.
//
// A map of the files: world.go (World, its turns), options.go (Options, Program, Limits), instance.go (Instance: one life of
// a process), pipes.go (lines in and out, and what bounds them), place.go (what outlives a process, and the order in which
// things are done to it), faults.go (what can be done to nodes), lacking.go (what cannot), leftovers.go (folders of runs that
// were killed), guard_linux.go (the guard), tree_linux.go (processes below it), child_linux.go (its other end, in the
// harness), startable_linux.go (whether a file can be started), other.go (elsewhere than on Linux).
package native
