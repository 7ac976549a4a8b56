package maelstrom

import "cleave/world"

// Program is a node's program, in whatever form it runs.
type Program interface {
	// New makes an instance for a boot of a node, which has not begun.
	New(node string, streams Streams) Instance
}

// Streams take what an instance says. They are called while it runs, that is within its own methods, or in what it has asked of its
// Environment; they must not call the instance.
type Streams struct {
	Output func(line []byte) // a line of standard output, without its newline
	Log    func(line []byte) // a line of standard error
	// Ended hears, once, that it ended by itself, "exited with status 2", or that a limit ended it, which it would go beyond again.
	Ended func(reason string, limit bool)
}

// Instance is a program that runs, for one node.
type Instance interface {
	// Start begins it. Its clock, timers, randomness and disk are the environment's.
	Start(env world.Environment)
	// Input is a line for its standard input, without its newline.
	Input(line []byte)
	// Stop ends it at once. Ended is not called.
	Stop()
}
