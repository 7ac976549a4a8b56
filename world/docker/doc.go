// Package docker is the world of containers: nodes are real processes behind a network of the harness's
// own, clients live in the harness, and a second takes a second.
//
//	n1's container ── shares the network of ── n1's holder ── TAP ──┐
//	n2's container ── shares the network of ── n2's holder ── TAP ──┼── the switch (fabric)
//	c1 (a client of the harness) ── a namespace of its own ── TAP ──┘
//
// Everything that the harness does or hears happens on the goroutine that calls Run, as in the simulated
// world. Cuts and other faults of links act at once. What the engine has to do, such as killing a node,
// is left to a goroutine of each node, which makes the node what it was last asked to be.
//
// A map of the files: options.go (what can be chosen), world.go (the World, from New to Close), loop.go
// (actions at their times), populate.go (nodes and their networks), node.go (what makes a node be as it is
// asked to be), keep.go (a node's disk), cover.go (the layer over it that meets syncs), user.go (clients), faults.go (what the nemesis asks for),
// harm.go (what it does to disks and processors), facts.go (what a run was made of), doctor.go (what a machine can do).
package docker
