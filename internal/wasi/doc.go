// Package wasi runs a program compiled to WebAssembly, from any language, as a function of its environment:
// the same seed, the same bytes. It is the host of WASI preview 1 for the module: clocks, timers, randomness,
// standard streams and files are a world.Environment's and nothing else is within the program's reach. So what
// a Go program does with goroutines, time.Sleep, the order of maps and math/rand is decided by the seed.
//
//	program, err := wasi.Compile(ctx, module, cacheFolder) // seconds, once
//	instance := program.New(wasi.Options{
//		Arguments: []string{"node"},
//		Output:    func(line []byte) { send(line) },
//		Ended:     func(end wasi.End) { note(end.Reason) },
//	})
//	instance.Start(env)           // runs until it waits for something
//	instance.Input([]byte("hi"))  // runs on until it waits again
//	instance.Stop()               // kill -9
//
// # How it runs
//
// An instance is a coroutine (iter.Pull). While it computes, virtual time stands still; where it waits, in
// poll_oneoff, in a read of standard input, in a sync, it hands control back and is woken by a line of input, a
// timer of the environment or the disk. No goroutine runs beside another. The machine code is wazero's
// (github.com/tetratelabs/wazero); instances of one Program share it and may run in many simulations at once.
//
// # What bounds it
//
// Limits: memory, fuel, output, log, unread input, disk. Fuel counts calls and rounds of loops in each second
// of the program's clock, by code that is put into the module before it is compiled (meter): a program that
// spins ends at the same place in every run. wazero's own way, a context that ends, stops a program wherever it
// is when real time is over, and leaves the machine code at every round of a loop to look.
//
// # Its files
//
// The directory "/" is the environment's disk. What is added at the end of a file is appended there, and durable
// when a sync has ended. Any other change is made to a copy, which replaces the file at the next sync, in one
// step. A rename is durable when it returns, a removal too. What was not synced is lost with the instance. Links
// and sockets are not supported, access times are not kept.
//
// # Where to look
//
// A map of the files: program.go (Compile), options.go (Options, Limits, End), instance.go (Start, Input, Stop),
// wait.go (what it waits for), trap.go (how it went down), host.go (the table of host functions and how they
// are called), errno.go, memory.go (its memory as they see it), clock.go (clocks, randomness, arguments), poll.go
// (poll_oneoff), streams.go (standard streams), descriptor.go, file.go, path.go, rename.go, readdir.go (files),
// folder.go (how they are kept on a disk), linear.go, linear_linux.go, linear_other.go (where its memory comes
// from), meter.go, code.go, module.go (fuel put into a module).
package wasi
