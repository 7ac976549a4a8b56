package maelstrom

import "cleave/internal/wasi"

// WebAssembly is a program compiled to WebAssembly, with WASI preview 1. It runs in simulation, where it is a function of the seed.
type WebAssembly struct {
	Program   *wasi.Program
	Name      string   // its own, the first of its arguments
	Arguments []string // the others
	Limits    wasi.Limits
}

// New makes an instance of it.
func (p WebAssembly) New(_ string, streams Streams) Instance {
	return p.Program.New(wasi.Options{
		Arguments: append([]string{p.Name}, p.Arguments...),
		Limits:    p.Limits,
		Output:    streams.Output,
		Log:       streams.Log,
		Ended: func(end wasi.End) {
			streams.Ended(end.Reason, end.Cause != wasi.Exited && end.Cause != wasi.Trapped)
		},
	})
}
