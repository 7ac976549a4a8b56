package foreign

import (
	"bytes"
	"fmt"
	"slices"

	"cleave/history"
)

// Format is a notation of histories.
type Format string

// The formats.
const (
	Lines Format = "jsonl" // a JSON object a line: an event as this project writes it, or the few fields it needs
	EDN   Format = "edn"   // Jepsen's history.edn: maps, one after the other or in a vector
	Log   Format = "log"   // lines of Jepsen's log: process, type, function and value between tabulators
)

// Formats are all formats.
func Formats() []Format { return []Format{Lines, EDN, Log} }

// ParseFormat reads a format's name.
func ParseFormat(name string) (Format, error) {
	if format := Format(name); slices.Contains(Formats(), format) {
		return format, nil
	}
	return "", fmt.Errorf("unknown format %.40q; there are: %s, %s, %s", name, Lines, EDN, Log)
}

// Detect tells the format of a file by how it begins. It errors when it looks like none.
func Detect(beginning []byte) (Format, error) {
	text := bytes.TrimLeft(beginning, " \t\r\n,\ufeff")
	for bytes.HasPrefix(text, []byte(";")) || bytes.HasPrefix(text, []byte("#")) && !bytes.HasPrefix(text, []byte("#j")) {
		_, rest, found := bytes.Cut(text, []byte("\n"))
		if !found {
			break
		}
		text = bytes.TrimLeft(rest, " \t\r\n,")
	}
	inside := bytes.TrimLeft(bytes.TrimLeft(text, "[("), " \t\r\n")
	switch {
	case len(text) == 0:
		return "", fmt.Errorf("the history is empty")
	case bytes.HasPrefix(text, []byte("#j")): // #jepsen.history.Op{...}
		return EDN, nil
	case bytes.HasPrefix(inside, []byte("{")):
		if after := bytes.TrimLeft(inside[1:], " \t\r\n"); bytes.HasPrefix(after, []byte(":")) {
			return EDN, nil
		}
		return Lines, nil
	case bytes.HasPrefix(text, []byte("[")) && bytes.HasPrefix(inside, []byte("#j")):
		return EDN, nil
	case bytes.Contains(text, []byte(":invoke")):
		return Log, nil
	}
	return "", fmt.Errorf("line 1: neither JSON Lines, nor EDN, nor a log of Jepsen's: it begins with %.20q", text)
}

// Options say how a history is to be read.
type Options struct {
	Format Format // "" to tell it by how the history begins
	// Keyed says that every value is a pair of key and value, as of Jepsen's independent workloads.
	Keyed bool
	// Untimed says that only the order of the lines counts, whatever times they carry. Lines without any time are
	// read like that anyway.
	Untimed bool
	// Lenient says that unknown fields of JSON lines are passed over.
	Lenient bool
	// Line is how many bytes a line, or a form of EDN, may have: a longer one is an error, and not read to its end. 0, and more than
	// that, is history.MaxLine.
	Line int
}

// line is how many bytes a line may have.
func (o Options) line() int {
	if o.Line <= 0 || o.Line > history.MaxLine {
		return history.MaxLine
	}
	return o.Line
}
