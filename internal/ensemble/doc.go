// Package ensemble runs servers that speak ZooKeeper's protocol as processes of this machine, on
// loopback addresses, for tests and benchmarks: this project's node, or the real ZooKeeper where
// Debian's package is installed. They are killed and started again as a test wants, and die with it.
//
//	e, err := ensemble.Start(ensemble.Options{Kind: ensemble.Cleave, Binary: "bin/cleave", Size: 3, Folder: dir})
//	defer e.Close()
//	err = e.Await(ctx)        // until a leader is there
//	e.Kill(e.Leader())        // as kill -9
//
// A map of the files: ensemble.go (the servers), configuration.go (their zoo.cfg), word.go (what they
// say of themselves), bound_linux.go and bound_other.go (servers that end with the tests).
package ensemble
