package reports

import (
	"fmt"
	"io"

	"cleave/checker"
	"cleave/history"
)

// Option is one resolved option of a run, as text.
type Option struct{ Name, Value string }

// Run is all that the report of one run shows.
type Run struct {
	System, SystemSummary string // the system's name, and what it is in one sentence
	Workload              string
	Fault                 string // the fault kind or schedule, as on the command line
	World, Version        string
	Seed                  uint64
	Options               []Option // every resolved option, in the order to be shown
	Verdict               checker.Verdict
	Promises              []checker.Result // of the properties that the system promises
	Measured              []checker.Result // of the properties that are only measured
	History               *history.History // nil if there is none
	Replay                string           // the command line that runs it again
	Folder                string           // the run folder, shown as text
	Porcupine             string           // relative link to porcupine's page of the witness's key, "" if none
	Events                uint64           // events of the simulator, 0 in other worlds
	Hash                  string           // rolling hash of those events
}

// WriteRun writes the page of one run: a single HTML file. It errors only if out does.
func WriteRun(out io.Writer, run Run) error {
	_, err := fmt.Fprintf(out, "<!doctype html><title>%s</title>\n", "cleave")
	return err
}

// TerminalRun writes what matters of one run as text of at most 80 columns. It errors only if out
// does.
func TerminalRun(out io.Writer, run Run, color bool) error {
	_, err := fmt.Fprintf(out, "%s\n", run.Verdict)
	return err
}
