package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cleave/history/foreign"
)

// formatFlags say how a history file is to be read.
func formatFlags(flags *pflag.FlagSet, options *foreign.Options) {
	flags.Var((*format)(&options.Format), "from", "the file's format: jsonl, edn or log; told by how it begins if left out")
	flags.BoolVar(&options.Keyed, "keyed", false, "every value is a pair of key and value, as in Jepsen's independent workloads")
	flags.BoolVar(&options.Untimed, "untimed", false, "only the order of the lines counts, not the times that they carry")
	flags.BoolVar(&options.Lenient, "lenient", false, "pass over unknown fields of JSON lines")
}

// format is the value of a flag for a history's format.
type format foreign.Format

// Set takes one of the formats.
func (f *format) Set(text string) error {
	parsed, err := foreign.ParseFormat(text)
	*f = format(parsed)
	return err
}

// String is the format's name.
func (f *format) String() string { return string(*f) }

// Type is what help shows of the value.
func (f *format) Type() string { return "format" }

func convertCommand(s screen) *cobra.Command {
	var options foreign.Options
	to, output := format(foreign.Lines), ""
	command := &cobra.Command{
		Use:   "convert FILE",
		Short: "Write a history in another format: JSON Lines, or Jepsen's EDN",
		Long: "Convert reads a history (JSON Lines, ours or plain ones; Jepsen's history.edn; lines of Jepsen's log) and writes its\n" +
			"operations as JSON Lines or EDN. FILE may be - for standard input, or a run folder.",
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, arguments []string) error {
			if foreign.Format(to) == foreign.Log {
				return bad(fmt.Errorf("--to is %s or %s: a log would lose the times", foreign.Lines, foreign.EDN))
			}
			input, name, err := openHistory(arguments[0])
			if err != nil {
				return bad(err)
			}
			defer input.Close() // only read
			write := func(to io.Writer, form foreign.Format) error {
				if err := foreign.Write(to, form, foreign.Events(input, options)); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
				return nil
			}
			if output == "" {
				return bad(write(s.out, foreign.Format(to)))
			}
			return bad(replaceFile(output, func(file io.Writer) error { return write(file, foreign.Format(to)) }))
		},
	}
	formatFlags(command.Flags(), &options)
	command.Flags().Var(&to, "to", "what is written: jsonl or edn")
	command.Flags().StringVar(&output, "output", "", "the file to write; standard output if left out")
	return command
}

// openHistory opens a history file, the history of a run folder, or standard input, and gives its name for errors.
func openHistory(path string) (io.ReadCloser, string, error) {
	if path == "-" {
		return io.NopCloser(os.Stdin), "standard input", nil
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, "history.jsonl")
	}
	file, err := os.Open(path)
	return file, path, err
}

// replaceFile writes a file whole or not at all.
func replaceFile(path string, write func(io.Writer) error) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".cleave-*")
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, errors.Unwrap(err))
	}
	defer os.Remove(file.Name()) // nothing, once it has its name
	buffered := bufio.NewWriter(file)
	err = write(buffered)
	if err == nil {
		err = buffered.Flush()
	}
	if err == nil {
		err = file.Chmod(0o644)
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
