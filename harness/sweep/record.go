package sweep

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"cleave/harness"
	"cleave/harness/shrink"
)

// format is the version of sweep.json. Another is not read.
const format = 2

// The files of a sweep's folder.
const (
	recordFile   = "sweep.json"
	markdownFile = "sweep.md"
	pageFile     = "sweep.html"
	runsFolder   = "runs"   // run folders of failures, named by their seeds
	shrunkFolder = "shrunk" // run folders of failures made small, named by their seeds
)

// What is kept of each group of failures: enough to look at, and no more the more seeds there are.
const (
	mostSeeds = 10 // listed
	mostKept  = 3  // with run folders
)

// Record is what is known of all runs of a sweep together. It is sweep.json in a sweep's folder.
type Record struct {
	Format    int          `json:"format"`
	Plan      harness.Plan `json:"plan"` // its seed is the first of the sweep
	First     uint64       `json:"first"`
	Last      uint64       `json:"last"`
	Shard     *Shard       `json:"shard,omitempty"` // which part of the seeds is this record's; nil for all
	Collect   bool         `json:"collect"`         // go on after the first failure
	Audit     int          `json:"audit"`           // percent of the runs that are run twice; one at least, if it is not 0
	Tolerance int          `json:"tolerance"`       // percent of the runs that may be unknown
	Done      []Range      `json:"done"`            // seeds, in order, not touching
	Valid     int          `json:"valid"`
	Unknown   int          `json:"unknown"`
	Invalid   int          `json:"invalid"`
	Broken    int          `json:"broken"`  // runs that came to nothing: a panic, no end, an error of the harness
	Runaway   int          `json:"runaway"` // of those above, that were ended early, for too many events in no time or by the bound of wall time
	Events    uint64       `json:"events"`
	// Digest is over the seed, hash and verdict of every run, in any order: two sweeps of the same seeds that
	// differ in it have not done the same.
	Digest     Digest      `json:"digest"`
	Violations []Group     `json:"violations"`
	Doubts     []Group     `json:"doubts"` // why runs were unknown
	Failures   []Group     `json:"failures"`
	Audited    int         `json:"audited"`
	Diverged   []Diverged  `json:"diverged"`
	States     []State     `json:"states"`
	Situations []Situation `json:"situations"`
	// Curve is how many runs were invalid in each of at most a hundred stretches of the sweep's seeds, all as long but the last.
	Curve []int `json:"curve"`
	Times Times `json:"times"`
}

// Times are what differs between two sweeps of the same seeds.
type Times struct {
	Seconds float64 `json:"seconds"` // of wall time, of all that worked at it
	Ended   string  `json:"ended"`   // why it is not complete, "" if nobody stopped it
}

// Group is all failures of one violation, or all doubts or breakages of one cause.
type Group struct {
	shrink.Violation
	Runs   int      `json:"runs"`
	Seeds  []uint64 `json:"seeds"`          // the lowest ten
	Kept   []uint64 `json:"kept,omitempty"` // the lowest three: run folders runs/SEED
	Reason string   `json:"reason"`         // of the lowest seed
}

// State is something that the system reached.
type State struct {
	Name  string `json:"name"`
	Runs  int    `json:"runs"`  // in which it was reached
	Count int    `json:"count"` // how often, in all of them
	Most  int    `json:"most"`  // how often in one run
	First uint64 `json:"first"` // the lowest seed that reached it
}

// Diverged is a run that was not the same the second time.
type Diverged struct {
	Seed uint64 `json:"seed"`
	Divergence
}

// Digest is written in hexadecimal.
type Digest uint64

// MarshalText writes it.
func (d Digest) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%016x", uint64(d)), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Digest) UnmarshalText(text []byte) error {
	_, err := fmt.Sscanf(string(text), "%x", (*uint64)(d))
	return err
}

// Runs is how many runs there were.
func (r *Record) Runs() int { return r.Valid + r.Unknown + r.Invalid + r.Broken }

// Wanted is how many seeds the sweep is over.
func (r *Record) Wanted() uint64 {
	first, last := r.part()
	return last - first + 1
}

// Complete tells whether every seed was run.
func (r *Record) Complete() bool {
	first, last := r.part()
	return len(r.Done) == 1 && r.Done[0] == Range{first, last}
}

// Interrupted tells whether somebody stopped it.
func (r *Record) Interrupted() bool { return r.Times.Ended == endedUser }

// part are the seeds that are this record's.
func (r *Record) part() (first, last uint64) {
	if r.Shard == nil {
		return r.First, r.Last
	}
	return r.Shard.part(r.First, r.Last)
}

// Load reads the record in a sweep's folder, strictly.
func Load(folder string) (*Record, error) {
	path := filepath.Join(folder, recordFile)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("no sweep's folder: %w", err)
	}
	record := &Record{}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(record); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			err = errors.New("it ends in the middle")
		}
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := record.validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return record, nil
}

func (r *Record) validate() error {
	switch {
	case r.Format != format:
		return fmt.Errorf("format %d, and this version reads %d", r.Format, format)
	case r.First > r.Last:
		return fmt.Errorf("seeds from %d to %d", r.First, r.Last)
	case r.Shard != nil && !r.Shard.valid():
		return fmt.Errorf("shard %s", *r.Shard)
	case len(r.Curve) != stretches(r.First, r.Last):
		return fmt.Errorf("curve: %d stretches of seeds, and there are %d", len(r.Curve), stretches(r.First, r.Last))
	}
	runs := uint64(0)
	for i, one := range r.Done {
		if one.First > one.Last || i > 0 && one.First <= r.Done[i-1].Last {
			return fmt.Errorf("done: seeds %s are out of order", one)
		}
		runs += one.Last - one.First + 1
	}
	if runs != uint64(r.Runs()) {
		return fmt.Errorf("%d seeds are done and %d runs are counted", runs, r.Runs())
	}
	return r.Plan.Validate()
}

// Save writes sweep.json and sweep.md, each in one step.
func (r *Record) Save(folder string) error {
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	return errors.Join(replace(folder, recordFile, append(text, '\n')), replace(folder, markdownFile, r.markdown()))
}

// replace writes a file in one step: a killed sweep never leaves half of one.
func replace(folder, name string, text []byte) error {
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path+".part", text, 0o644); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}
