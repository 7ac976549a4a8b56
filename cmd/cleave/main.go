package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"cleave/checker"
	"cleave/world/native"
)

// Exit codes. A machine can tell a broken promise, which is a finding, from everything else.
const (
	exitValid   = 0
	exitInvalid = 1
	exitUnknown = 2
	exitUsage   = 254
	exitHarness = 255
)

// exit ends the program with a code, and with an error to be told if there is one.
type exit struct {
	code int
	err  error
}

func (e exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

// bad is an error in what the user gave: exit 254.
func bad(err error) error {
	if err == nil {
		return nil
	}
	return exit{exitUsage, err}
}

// broken is a failure of the harness itself: exit 255.
func broken(err error) error {
	if err == nil {
		return nil
	}
	return exit{exitHarness, err}
}

// judged is the end of a run that was judged.
func judged(verdict checker.Verdict) error {
	switch verdict {
	case checker.Valid:
		return nil
	case checker.Invalid:
		return exit{code: exitInvalid}
	}
	return exit{code: exitUnknown}
}

func main() {
	if code, was := native.Guard(); was {
		os.Exit(code)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	os.Exit(execute(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// execute runs a command line and gives the exit code.
func execute(ctx context.Context, arguments []string, stdout, stderr io.Writer) int {
	s := screen{out: stdout, err: stderr, ci: &ci{}}
	root := rootCommand(s)
	root.SetArgs(arguments)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if told := s.ci.publish(s); told != nil {
		err = broken(told)
	}
	if err == nil {
		return exitValid
	}
	var ended exit
	if !errors.As(err, &ended) {
		// cobra's own: an unknown command, flag or argument, with suggestions on further lines
		ended = exit{exitUsage, errors.New(strings.Join(strings.Fields(err.Error()), " "))}
	}
	if ended.err != nil {
		fmt.Fprintf(stderr, "cleave: %v\n", ended.err)
	}
	return ended.code
}

// rootCommand is the command with all its verbs.
func rootCommand(s screen) *cobra.Command {
	root := &cobra.Command{
		Use:           "cleave",
		Short:         "Cleave puts distributed systems under partitions, crashes and pauses, and says with evidence what they kept",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(runCommand(s), maelstromCommand(s), sweepCommand(s), mergeCommand(s), compareCommand(s), claimsCommand(s), replayCommand(s),
		shrinkCommand(s), checkCommand(s), convertCommand(s), reportCommand(s), serveCommand(s), showCommand(s), listCommand(s), scheduleCommand(s),
		versionCommand(s), nodeCommand(s), doctorCommand(s), gcCommand(s), holdCommand(), imageCommands(s))
	return root
}

// helped is what a command does that has only commands below it: it tells them, and so a name that is none of theirs is an error.
func helped(command *cobra.Command, _ []string) error { return command.Help() }
