package native

import "cleave/world/sim"

// Options fix what a world of processes is.
type Options struct {
	// Options are the simulator's: the seed, the quality of links, who listens. Its Mailbox is the World's own, and its
	// MaxRate is best left at 0: the machine's time bounds what happens.
	sim.Options
	// Folder is where each node gets a folder of its own, by its name. "" is a new one for temporary files, which goes with
	// the World.
	Folder string
}

// Program is how a node's process is started, and who hears of it. The functions are called on the world's thread, as
// the node's own code; nil ones are not.
type Program struct {
	// Path is that of the file that is run, absolute.
	Path string
	// Arguments follow the program's own name.
	Arguments []string
	// Environment is added to the harness's own: "NAME=value".
	Environment []string
	Limits      Limits
	// Output takes a line of standard output, without its newline. The bytes are the receiver's to keep.
	Output func(line []byte)
	// Log takes a line of standard error, likewise; one that is too long in pieces.
	Log func(line []byte)
	// Ended hears why the process ended by itself, or was ended for going beyond a limit, as it would again. It is called once,
	// after its last line was handed over, and not after Stop.
	Ended func(reason string, limit bool)
}

// Limits bound what a process may do to the harness. A zero field takes its default.
type Limits struct {
	Line    int    // bytes of a line of output, default 4 MiB; a longer one is the end of the process
	Rate    int64  // bytes of output in a second, default 32 MiB, each line counting as 64 at least; more is the end of the process
	Waiting int64  // bytes that were sent to the process and not read by it, default 64 MiB; more is its end
	Log     int64  // bytes of standard error in a life, default 64 MiB; what comes after is left out, and that is said
	Memory  uint64 // bytes of address space, as setrlimit(2) has it of RLIMIT_AS; 0 is any amount
}

func (l Limits) withDefaults() Limits {
	if l.Line == 0 {
		l.Line = 4 << 20 // as much as in simulation
	}
	if l.Rate == 0 {
		l.Rate = 32 << 20
	}
	if l.Waiting == 0 {
		l.Waiting = 64 << 20
	}
	if l.Log == 0 {
		l.Log = 64 << 20
	}
	return l
}
