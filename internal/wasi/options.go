package wasi

import "time"

// Options say what a program is given and where what it prints goes. The functions may be nil. They are
// called when the program has come to wait for something, or has ended, in the order of what it did, by
// whoever had it run: they may call the instance's methods.
type Options struct {
	Arguments   []string // the first is the program's own name
	Environment []string // each of the form KEY=value
	Limits      Limits
	// Output takes a whole line of standard output, without its newline. It may keep the bytes.
	Output func(line []byte)
	// Log takes a line of standard error likewise. What stands there unfinished at the end is a line too.
	Log func(line []byte)
	// Ended is called once, when the program has ended by itself or by a limit; not after Stop.
	Ended func(End)
}

// Limits are what a program may use. Beyond them it is ended, with a reason, but where another thing is
// said. A field that is zero stands for the one of DefaultLimits.
type Limits struct {
	// Memory is how many bytes its memory may grow to. Then it gets no more, as on a machine that is full.
	Memory int64
	// Fuel is how many calls and rounds of loops it may make in each second of its own monotonic clock.
	// That clock stands still while it computes: a program that spins would never end.
	Fuel int64
	// Lines and Output are how many lines and bytes it may print in each second of that clock.
	Lines  int64
	Output int64
	// Line is how many bytes a line may have. Longer ones of standard error are broken.
	Line int
	// Log is how many bytes of standard error are handed over; the rest is dropped.
	Log int64
	// Input is how many bytes may wait on standard input without being read.
	Input int64
	// Disk is how many bytes its files may have. Then writing fails, as on a disk that is full.
	Disk int64
}

// DefaultLimits are generous for a node of a distributed system: one that meets them has gone wild. The
// fuel is what a core burns in three seconds, more or less.
func DefaultLimits() Limits {
	return Limits{
		Memory: 256 << 20, Fuel: 300_000_000, Lines: 100_000, Output: 64 << 20,
		Line: 4 << 20, Log: 16 << 20, Input: 64 << 20, Disk: 256 << 20,
	}
}

// orDefault fills in what is zero.
func (l Limits) orDefault() Limits {
	usual := DefaultLimits()
	for _, field := range []struct{ own, usual *int64 }{
		{&l.Memory, &usual.Memory}, {&l.Fuel, &usual.Fuel}, {&l.Lines, &usual.Lines}, {&l.Output, &usual.Output},
		{&l.Log, &usual.Log}, {&l.Input, &usual.Input}, {&l.Disk, &usual.Disk},
	} {
		if *field.own == 0 {
			*field.own = *field.usual
		}
	}
	if l.Line == 0 {
		l.Line = usual.Line
	}
	return l
}

// limited is the time in which fuel and output are counted.
const limited = time.Second

// Cause is the kind of an end.
type Cause string

// The ways in which a program ends.
const (
	Exited  Cause = "exited"  // by itself, with a status
	Trapped Cause = "trapped" // it did what WebAssembly forbids: ran into unreachable code, divided by zero
	Memory  Cause = "memory"  // it was refused memory, and ended because of that
	Spun    Cause = "spun"    // it used up its fuel
	Flooded Cause = "flooded" // it printed too much
	Deaf    Cause = "deaf"    // it does not read its input
)

// End is how a program ended.
type End struct {
	Cause  Cause
	Code   uint32 // the status it exited with, if it did
	Reason string // one line for people: what happened, and what it said last
}
