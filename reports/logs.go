package reports

import (
	"bufio"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Log is the end of what a node or client wrote in a run.
type Log struct {
	Name  string
	Lines []LogLine
	Left  int // how many lines before these are not here
}

// LogLine is a line of a log and when it was written, in microseconds of the run; a line without a time has that of the
// line before it.
type LogLine struct {
	At   int64  `json:"at"`
	Text string `json:"text"`
}

// The most that a page has of logs.
const (
	mostLogs     = 40
	mostLogLines = 1500    // of one log, the last
	mostLogWords = 400     // characters of a line
	mostLogBytes = 3 << 20 // of all together
)

// ReadLog reads a log whose lines begin with seconds of the run, as nodes/*.log of a run folder do. It keeps the last
// lines and the beginning of each, and errors only if in does.
func ReadLog(name string, in io.Reader) (Log, error) {
	log := Log{Name: name}
	lines := bufio.NewReaderSize(in, 1<<12)
	at := int64(0)
	for {
		text, more, err := lines.ReadLine()
		if err != nil {
			log.last()
			if err == io.EOF {
				err = nil
			}
			return log, err
		}
		line := stamped(string(text), at)
		at = line.At
		if log.Lines = append(log.Lines, line); len(log.Lines) >= 2*mostLogLines {
			log.last()
		}
		for more && err == nil { // the rest of a line longer than anybody reads
			_, more, err = lines.ReadLine()
		}
	}
}

// last drops all lines but the last.
func (l *Log) last() {
	if extra := len(l.Lines) - mostLogLines; extra > 0 {
		l.Left += extra
		l.Lines = append([]LogLine(nil), l.Lines[extra:]...)
	}
}

// stamped takes the time off a line; one without a time has that of the line before it.
func stamped(text string, before int64) LogLine {
	first, rest, _ := strings.Cut(strings.TrimLeft(text, " "), " ")
	if seconds, err := strconv.ParseFloat(first, 64); err == nil && seconds >= 0 && seconds < 1e9 {
		return LogLine{int64(math.Round(seconds * 1e6)), rest}
	}
	return LogLine{before, text}
}

// logsOf makes logs fit to be shown: the end of each, with as much room for one as for another.
func logsOf(logs []Log) []exhibitLog {
	shown := make([]exhibitLog, 0, len(logs))
	for _, log := range logs[:min(len(logs), mostLogs)] {
		one := exhibitLog{Name: name(log.Name)}
		for room := mostLogBytes / len(logs); len(one.Lines) < min(len(log.Lines), mostLogLines); {
			line := log.Lines[len(log.Lines)-1-len(one.Lines)]
			line.Text = clean(line.Text, mostLogWords)
			if room -= len(line.Text); room < 0 {
				break
			}
			one.Lines = append(one.Lines, line)
		}
		slices.Reverse(one.Lines)
		if extra := log.Left + len(log.Lines) - len(one.Lines); extra > 0 {
			one.Cut = plural(extra, "earlier line is", "earlier lines are") + " only in the file."
		}
		shown = append(shown, one)
	}
	return shown
}
