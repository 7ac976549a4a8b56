// Package ends has the words for how a program came to its end, so that one that is WebAssembly and one that is a process of the
// operating system are told of alike.
//
//	ends.With(ends.Exited(2), "panic: out of ideas") // "exited with status 2: panic: out of ideas"
//	ends.Flooded(1 << 20)                            // "printed more than 1 MiB in one second of its clock"
//
// A map of the files: ends.go (the words).
package ends
