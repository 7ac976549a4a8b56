package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cleave/harness"
	"cleave/internal/wasi"
	"cleave/nemesis"
	"cleave/systems/maelstrom"
	"cleave/workloads"
)

// bringing are the flags by which somebody brings a program or a container image along.
type bringing struct {
	file      string
	arguments []string
	image     string

	memory, output amount
	fuel           int64
}

func (b *bringing) flags(flags *pflag.FlagSet) {
	flags.StringVar(&b.file, "bin", "", "test this program, which speaks Maelstrom's protocol for nodes (see: cleave maelstrom --help)")
	flags.StringVar(&b.image, "image", "", "test the container image that this file describes (see: cleave image --help)")
	flags.StringArrayVar(&b.arguments, "arg", nil, "an argument for the program; may be given again and again")
	b.limits(flags)
}

// limits are the flags of what a program may use.
func (b *bringing) limits(flags *pflag.FlagSet) {
	usual := wasi.DefaultLimits()
	flags.Var(&b.memory, "node-memory",
		fmt.Sprintf("memory that a node of --bin may have, such as 256MiB (0B: %d MiB of WebAssembly, any of a process)", usual.Memory>>20))
	flags.Int64Var(&b.fuel, "node-fuel", 0,
		fmt.Sprintf("calls and rounds of loops that a node of WebAssembly may make in a second of its clock (0: %d million)", usual.Fuel/1_000_000))
	flags.Var(&b.output, "node-output", "what a node of --bin may print in a second (0B: the usual)")
}

// into has a plan bring the program along, or the image, if there is one.
func (b *bringing) into(plan *harness.Plan, command *cobra.Command) error {
	switch {
	case b.image != "" && b.file != "":
		return errors.New("--image: one system at a time; leave out --bin")
	case b.image != "":
		return bringImage(plan, b.image, command)
	case b.file == "" && len(b.arguments) > 0:
		return errors.New("--arg: an argument for what? Give the program with --bin")
	case b.file == "":
		return nil
	case b.fuel < 0:
		return errors.New("--node-fuel: it cannot be negative")
	case command.Flags().Changed("system"):
		return errors.New("--bin: the program is the system; leave out --system")
	}
	setup, err := newProgramSetup(*b)
	if err != nil {
		return err
	}
	if !command.Flags().Changed("workload") {
		plan.Workload = defaultProgramWorkload
	}
	if !command.Flags().Changed("world") && !setup.WebAssembly {
		plan.World = inRealTime
	}
	return bring(plan, setup, againOf(command))
}

// defaultProgramWorkload is Maelstrom's.
const defaultProgramWorkload = "lin-kv"

// bring makes a program the system of a plan.
func bring(plan *harness.Plan, setup programSetup, again string) error {
	text, err := json.Marshal(setup)
	if err != nil {
		return err
	}
	plan.System = nameOf(setup.Path)
	plan.Custom = &harness.Custom{
		Door: harness.ProgramDoor, Summary: "the program " + filepath.Base(setup.Path) + ", by Maelstrom's protocol",
		Guarantee: guaranteeOf(plan.Workload), Majority: guaranteeOf(plan.Workload) != workloads.Available, OnDemand: true,
		Boot: programBoot, Recovery: programRecovery, Workloads: maelstrom.Workloads(), Setup: text, Again: again,
	}
	return nil
}

// guaranteeOf is what a program promises under a workload when nobody says otherwise: what Maelstrom holds it to.
func guaranteeOf(workload string) workloads.Guarantee {
	switch workload {
	case "lin-kv":
		return workloads.Linearizable
	case "txn-list-append", "txn-rw-register":
		return "strict-serializable"
	}
	return workloads.Available
}

// The times of a program of which nobody has said any: Maelstrom too waits ten seconds for recovery.
const (
	programBoot     = nemesis.Duration(2 * time.Second)
	programRecovery = nemesis.Duration(10 * time.Second)
)

// nameOf is what a program is called in the store: its file's name without its ending, of letters that a folder may have.
func nameOf(path string) string {
	base := filepath.Base(path)
	base = strings.TrimSuffix(base, filepath.Ext(base))
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_', r == '-':
			return r
		}
		return '-'
	}, base)
	name = strings.TrimLeft(name, "._-")
	if name == "" {
		return "program"
	}
	return name[:min(len(name), 40)]
}

// notAgain are the flags that say nothing of a single run.
var notAgain = []string{"seed", "seeds", "store", "first", "help", "junit", "shard", "shrink", "collect", "audit", "unknown", "resume", "time",
	"memory", "run-time"}

// againOf is the command line that makes a run of a command anew.
func againOf(command *cobra.Command) string {
	words := []string{"cleave", command.Name()}
	if command.Name() == "sweep" {
		words[1] = "run"
	}
	command.Flags().Visit(func(flag *pflag.Flag) {
		name := flag.Name
		if name == "suite" {
			name = "faults"
		}
		list, many := flag.Value.(pflag.SliceValue)
		switch {
		case slices.Contains(notAgain, name):
		case many:
			for _, value := range list.GetSlice() {
				words = append(words, "--"+name, quoted(value))
			}
		case flag.Value.Type() == "bool":
			words = append(words, "--"+name+"="+flag.Value.String())
		default:
			words = append(words, "--"+name, quoted(flag.Value.String()))
		}
	})
	return strings.Join(append(words, "--seed {seed}"), " ")
}

// quoted is a word as a shell takes it.
func quoted(word string) string {
	if word != "" && strings.Trim(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./,:%@") == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
