package shrink

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"cleave/harness"
	"cleave/reports"
)

// The files of a shrunk run besides those of every run folder; story.json is the harness's.
const (
	shrunkFile = "shrunk.json"
	storyFile  = "story.md"
)

// record is shrunk.json.
type record struct {
	From      string    `json:"from"` // the run folder that was shrunk
	Violation Violation `json:"violation"`
	Before    Size      `json:"before"`
	After     Size      `json:"after"`
	Runs      int       `json:"runs"`
	Seconds   float64   `json:"seconds"` // of wall time
	Ending    Ending    `json:"ending"`
	Hash      string    `json:"hash"` // of the events of the result, which was run twice
	Passes    []Pass    `json:"passes"`
	Finds     []met     `json:"finds,omitempty"` // other violations, met on the way
	Replay    string    `json:"replay"`
}

type met struct {
	Violation Violation `json:"violation"`
	Folder    string    `json:"folder,omitempty"`
}

// write leaves what was done, and the story as text.
func (r *Shrunk) write(finished *harness.Finished) error {
	content := record{From: r.From, Violation: r.Violation, Before: r.Before, After: r.After, Runs: r.Runs,
		Seconds: r.Wall.Round(time.Millisecond).Seconds(), Ending: r.Ending, Hash: finished.Hash, Passes: r.Passes, Replay: finished.Replay()}
	for _, find := range r.Finds {
		content.Finds = append(content.Finds, met{find.Violation, find.Folder})
	}
	text, err := json.MarshalIndent(content, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(finished.Folder, shrunkFile), append(text, '\n'), 0o644); err != nil {
		return err
	}
	var page bytes.Buffer
	if err := reports.MarkdownStory(&page, *finished.Story, finished.Replay()); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(finished.Folder, storyFile), page.Bytes(), 0o644)
}

// Shrunken is what the folder of a shrunk run says of it.
type Shrunken struct {
	Violation     Violation
	Before, After Size
	Ending        Ending
}

// Load reads what Folder left in a run folder. The error is fs.ErrNotExist where nothing was shrunk, or not to its end.
func Load(folder string) (Shrunken, error) {
	path := filepath.Join(folder, shrunkFile)
	text, err := os.ReadFile(path)
	if err != nil {
		return Shrunken{}, err
	}
	var content record
	if err := json.Unmarshal(text, &content); err != nil {
		return Shrunken{}, fmt.Errorf("%s: %w", path, err)
	}
	return Shrunken{Violation: content.Violation, Before: content.Before, After: content.After, Ending: content.Ending}, nil
}
