// Package engine is the Docker engine as the world of containers needs it. It is the only package that
// imports Docker's client library; nothing of that library shows in its face, so that another client
// can take its place.
//
//	holder   a network namespace with nothing but loopback, and the node's disk; it never stops
//	   ▲ ▲
//	   │ └── container:<holder> ── n1, killed and started as faults want it
//	   └──── the harness, which enters the namespace by the number of the holder's process
//
// So the engine must be of this machine: Local says whether it is.
//
// No container is privileged: all capabilities are dropped but those that are asked for. Everything that
// is made carries the run and the process that own it in its labels, and so Collect can tell what a dead
// run left from what a living one uses. Clear removes what the engine's own run made.
//
// The image of the reference nodes is made from the running program itself, in memory, without a base
// image or a builder; its id depends on nothing but the program.
//
// A map of the files: engine.go (Open, Engine), face.go (Containers, Volumes, Images: what the world
// asks of it), reach.go (what is wrong if no engine answers), local.go, peer_linux.go and peer_other.go
// (whether it is of this machine), spec.go (Spec, Create), container.go (start, pause, kill, wait, remove),
// throttle.go (slow containers), files.go (files into a container), logs.go (what it printed), volume.go (disks in
// memory, full disks), image.go (Image, Load, RemoveImage), program.go (a program that can be an image), archive.go (the
// image as bytes), leftovers.go (Leftovers, Collect, Clear) and doctor.go (Doctor).
package engine
