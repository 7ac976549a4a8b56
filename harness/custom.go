package harness

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"cleave/nemesis"
	"cleave/workloads"
	"cleave/world"
)

// Custom is a system that somebody brought along, as far as a plan must know it: enough to judge a run of it again
// anywhere, and, with its Setup, to make it again. The plan's System is its name.
type Custom struct {
	// Door is the way by which it came in.
	Door Door `json:"door"`
	// Summary is one sentence for lists and reports.
	Summary string `json:"summary"`
	// Guarantee fixes what it promises.
	Guarantee workloads.Guarantee `json:"guarantee"`
	// Majority says that more than half of the nodes must be mutually connected for it to serve; else one is enough.
	Majority bool `json:"majority"`
	// Answered is of how many of a thousand operations an answer is promised, whatever happens; 0 promises nothing.
	Answered int `json:"answered,omitempty"`
	// OnDemand, Grace, Boot, Recovery, Ghost and Notice are those of a world.System.
	OnDemand bool             `json:"onDemand,omitempty"`
	Grace    nemesis.Duration `json:"grace"`
	Boot     nemesis.Duration `json:"boot"`
	Recovery nemesis.Duration `json:"recovery"`
	Ghost    nemesis.Duration `json:"ghost,omitempty"`
	Notice   nemesis.Duration `json:"notice,omitempty"`
	// Leaderless is that of a world.System too.
	Leaderless bool `json:"leaderless,omitempty"`
	// Diskless says that its nodes keep nothing on disk.
	Diskless bool `json:"diskless,omitempty"`
	// Workloads are the names of those that it can carry; empty for all.
	Workloads []string `json:"workloads,omitempty"`
	// Setup is what its door needs to make it again, such as the path and the hash of a program.
	Setup json.RawMessage `json:"setup,omitempty"`
	// Again is the command line that makes a run anew, in which {seed}, {workload} and {faults} stand for the plan's.
	Again string `json:"again"`
	// Replay is the command line that runs a run folder's schedule again, in which {folder} stands for the folder; "" for
	// "cleave replay", which a system of a Go test is not there for.
	Replay string `json:"replay,omitempty"`
}

// Door is a way by which a system of somebody's own comes in.
type Door string

// The doors.
const (
	GoDoor      Door = "go"      // a world.Process in a Go test (package cleavetest)
	ProgramDoor Door = "program" // a program that speaks Maelstrom's protocol for nodes
	ImageDoor   Door = "image"   // a container image
)

// System is what is known of it without its door: it can be judged, and not run.
func (c Custom) System(name string) world.System {
	quorum := func(int) int { return 1 }
	if c.Majority {
		quorum = func(nodes int) int { return nodes/2 + 1 }
	}
	return world.System{
		Name: name, Summary: c.Summary, Guarantee: string(c.Guarantee), Quorum: quorum,
		OnDemand: c.OnDemand, Grace: time.Duration(c.Grace), Boot: time.Duration(c.Boot), Recovery: time.Duration(c.Recovery), Ghost: time.Duration(c.Ghost),
		Notice:     time.Duration(c.Notice),
		Leaderless: c.Leaderless, Diskless: c.Diskless, Workloads: c.Workloads,
	}
}

// customName is what a system of somebody's own may be called: it names folders.
var customName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$`)

// validate tells what is wrong with it, naming the field.
func (c Custom) validate(name string) error {
	switch {
	case !customName.MatchString(name):
		return fmt.Errorf("system: %.60q; a system of one's own is called by letters, digits, dots and dashes, 60 at most", name)
	case c.Door != GoDoor && c.Door != ProgramDoor && c.Door != ImageDoor:
		return fmt.Errorf("custom.door: %.60q; there are: %s, %s, %s", c.Door, GoDoor, ProgramDoor, ImageDoor)
	case c.Grace < 0 || c.Boot < 0 || c.Recovery < 0 || c.Ghost < 0 || c.Notice < 0:
		return fmt.Errorf("custom: a time is negative")
	case c.Answered < 0 || c.Answered > 1000:
		return fmt.Errorf("custom.answered: %d; it must be 0 to 1000", c.Answered)
	}
	return c.Guarantee.Validate()
}

// command is the line that makes a plan's run anew.
func (c Custom) command(plan Plan) string {
	return strings.NewReplacer("{seed}", strconv.FormatUint(plan.Seed, 10), "{workload}", plan.Workload, "{faults}", plan.Faults).Replace(c.Again)
}

// replay is the line that runs a run folder again.
func (c *Custom) replay(folder string) string {
	if c == nil || c.Replay == "" {
		return "cleave replay " + folder
	}
	if absolute, err := filepath.Abs(folder); err == nil { // a test runs in the folder of its package
		folder = absolute
	}
	return strings.ReplaceAll(c.Replay, "{folder}", folder)
}
