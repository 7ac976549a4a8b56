package harness

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"cleave/history"
	"cleave/reports"
	"cleave/world"
)

// The files of a run folder. verdict.json is written last but for pictures and the report: a folder without
// it is one whose run did not end.
const (
	planFile     = "plan.json"
	scheduleFile = "schedule.json"
	historyFile  = "history.jsonl"
	verdictFile  = "verdict.json"
	measuresFile = "measures.json"
	reportFile   = "report.html"
	lossesFile   = "losses.json" // of a simulated run that lost messages
	storyFile    = "story.json"  // of a run that was shrunk
	nodesFolder  = "nodes"

	// Of a world of containers alone.
	environmentFile = "environment.json"
	trafficFile     = "traffic.json"
)

// folder is a run folder being written.
type folder struct {
	path    string
	history *os.File
	files   []*os.File
	err     error
}

// createFolder makes a new folder with its plan and schedule. One that is there already is never
// written over.
func createFolder(path string, plan Plan, schedule Schedule) (*folder, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("making the run folder: %w", err)
	}
	if err := os.Mkdir(path, 0o755); err != nil {
		return nil, fmt.Errorf("making the run folder: %w", err)
	}
	f := &folder{path: path}
	if err := os.Mkdir(f.at(nodesFolder), 0o755); err != nil {
		return nil, fmt.Errorf("making the run folder: %w", err)
	}
	err := errors.Join(f.writeJSON(planFile, plan), f.writeSchedule(schedule))
	if err != nil {
		return nil, err
	}
	f.history, err = os.Create(f.at(historyFile))
	return f, err
}

func (f *folder) at(name string) string { return filepath.Join(f.path, name) }

// log is the writer of a process's log.
func (f *folder) log(process string) io.Writer {
	return f.file(logFile(process))
}

// logFile is where in a run folder a process's log is.
func logFile(process string) string { return filepath.Join(nodesFolder, fileName(process)+".log") }

// pictureFile is where in a run folder porcupine's page of a key is.
func pictureFile(key string) string { return "linearizable-" + fileName(key) + ".html" }

// longFileName is how much of a text a file's name has, in bytes.
const longFileName = 60

// fileName makes a key or a name, of any bytes and length, part of a file's name that is short, stays in its folder and
// needs no escaping in a link. Where something had to be left out or replaced a hash follows, after a sign that none has
// otherwise, so that no two texts share a file:
//
//	x   -> x
//	a/k -> a_k~5371e89f3406
func fileName(text string) string {
	safe := []byte(text[:min(len(text), longFileName)])
	for i, b := range safe {
		if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.", rune(b)) {
			safe[i] = '_'
		}
	}
	if string(safe) == text {
		return text
	}
	hash := sha256.Sum256([]byte(text))
	return fmt.Sprintf("%s~%x", safe, hash[:6])
}

// file is the writer of a file.
func (f *folder) file(name string) io.Writer {
	file, err := os.Create(f.at(name))
	if err != nil {
		f.err = errors.Join(f.err, err)
		return io.Discard
	}
	f.files = append(f.files, file)
	return file
}

// close ends the writing of history and logs.
func (f *folder) close() error {
	errs := []error{f.err, f.history.Close()}
	for _, file := range f.files {
		errs = append(errs, file.Close())
	}
	return first(errs) // of a full disk, say, one is enough
}

func (f *folder) writeJSON(name string, content any) error {
	text, err := json.MarshalIndent(content, "", "  ")
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return f.writeWhole(name, append(text, '\n'))
}

// writeWhole writes a file in one step: a reader, or a killed harness, never leaves half of one.
func (f *folder) writeWhole(name string, text []byte) error {
	if err := os.WriteFile(f.at(name+".part"), text, 0o644); err != nil {
		_ = os.Remove(f.at(name + ".part")) // it is of no use, and there may be no room
		return err
	}
	return os.Rename(f.at(name+".part"), f.at(name))
}

func (f *folder) writeSchedule(schedule Schedule) error {
	text, err := schedule.text()
	if err != nil {
		return err
	}
	return f.writeWhole(scheduleFile, text)
}

// text is schedule.json: an operation a line, so that schedules can be read and compared.
func (s Schedule) text() ([]byte, error) {
	text := fmt.Appendf(nil, "{\n\"seed\": %d,\n\"faults\": [", s.Seed)
	text, err := appendLines(text, s.Faults)
	if err != nil {
		return nil, err
	}
	text = append(text, "],\n\"operations\": ["...)
	if text, err = appendLines(text, s.Operations); err != nil {
		return nil, err
	}
	return append(text, "]\n}\n"...), nil
}

func appendLines[T any](text []byte, items []T) ([]byte, error) {
	for i, item := range items {
		line, err := json.Marshal(item)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			text = append(text, ',')
		}
		text = append(append(text, '\n'), line...)
	}
	return text, nil
}

// Stored is a run folder read back.
type Stored struct {
	Path     string
	Plan     Plan
	Schedule Schedule
	History  *history.History // nil from LoadSetup
	// Finished tells whether the run came to its end: without it the history is only a beginning.
	Finished bool
	// Environment and Traffic are there if it ran in containers.
	Environment []world.Fact
	Traffic     []world.Traffic
	Story       *reports.Story // nil if nobody told one
	Losses      []reports.Loss // messages lost, in simulation
}

// optional is the error of reading a file that need not be there.
func optional(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// LoadSetup reads plan and schedule of a run folder.
func LoadSetup(path string) (Stored, error) {
	stored := Stored{Path: path}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return stored, fmt.Errorf("no run folder: %w", err)
	case !info.IsDir():
		return stored, fmt.Errorf("%s is a file, not a run folder", path)
	}
	if err := readStrict(filepath.Join(path, planFile), &stored.Plan); err != nil {
		return stored, fmt.Errorf("no run folder, or half of one: %w", err)
	}
	if err := readStrict(filepath.Join(path, scheduleFile), &stored.Schedule); err != nil {
		return stored, fmt.Errorf("no run folder, or half of one: %w", err)
	}
	err = errors.Join(optional(readStrict(filepath.Join(path, environmentFile), &stored.Environment)),
		optional(readStrict(filepath.Join(path, trafficFile), &stored.Traffic)),
		optional(readStrict(filepath.Join(path, lossesFile), &stored.Losses)),
		optional(readStrict(filepath.Join(path, storyFile), &stored.Story)))
	if err != nil {
		return stored, err
	}
	_, err = os.Stat(filepath.Join(path, verdictFile))
	stored.Finished = !errors.Is(err, fs.ErrNotExist)
	return stored, stored.validate()
}

func (s Stored) validate() error {
	if err := s.Plan.Validate(); err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(s.Path, planFile), err)
	}
	if err := s.Schedule.Validate(s.Plan); err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(s.Path, scheduleFile), err)
	}
	return nil
}

// Load reads a run folder whole.
func Load(path string) (Stored, error) {
	stored, err := LoadSetup(path)
	if err != nil {
		return stored, err
	}
	stored.History, err = history.Load(filepath.Join(path, historyFile))
	if err != nil {
		return stored, fmt.Errorf("no run folder, or half of one: %w", err)
	}
	return stored, nil
}

// HistoryPath is where a stored run has its history.
func (s Stored) HistoryPath() string { return filepath.Join(s.Path, historyFile) }
