package harness

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cleave/nemesis"
	"cleave/reports"
	"cleave/workloads"
	"cleave/world"
)

// Plan says what to run: system, workload, faults, world, seed, size and times. It is plan.json in a
// run folder.
type Plan struct {
	Version  string           `json:"version"` // of cleave
	System   string           `json:"system"`
	Workload string           `json:"workload"`
	Faults   string           `json:"faults"` // a kind of the catalogue, a suite, "random", or "file"
	World    string           `json:"world"`
	Seed     uint64           `json:"seed"`
	Nodes    int              `json:"nodes"`
	Clients  int              `json:"clients"`
	Duration nemesis.Duration `json:"duration"` // of the whole run
	Warmup   nemesis.Duration `json:"warmup"`   // before the first fault
	Quiet    nemesis.Duration `json:"quiet"`    // after the last fault
	Every    nemesis.Duration `json:"every"`    // mean time between two operations of a client
	Latency  nemesis.Duration `json:"latency"`  // least one-way latency between hosts
	Jitter   nemesis.Duration `json:"jitter"`   // added to it at most
	Loss     uint64           `json:"loss"`     // percent of messages lost
	// Tail is the mean of what is added to the latency besides, drawn exponentially.
	Tail nemesis.Duration `json:"tail,omitempty"`
	// Interval has faults of the kinds and suites that Faults names, with + between them, come one after another: it is the mean
	// length of each and of the time between two. 0 leaves that to Faults.
	Interval nemesis.Duration `json:"interval,omitempty"`
	// Keys, TxnLength and WritesPerKey are how many keys a workload of programs uses at a time (or, of a registry's, instances that
	// stand), operations a transaction has at most and writes a key takes; 0 is the workload's own number.
	Keys         int `json:"keys,omitempty"`
	TxnLength    int `json:"txnLength,omitempty"`
	WritesPerKey int `json:"writesPerKey,omitempty"`
	// Scale divides the times of an AP registry (30 s between heartbeats and so on), so that a short
	// run shows what takes long in production.
	Scale int `json:"scale"`
	// SnapshotEvery is how many entries of its log the CP store applies from one snapshot to the next; 0 for the
	// usual number.
	SnapshotEvery uint64 `json:"snapshotEvery,omitempty"`
	// Alike has every system asked the same, so that they can be compared (see workloads.Shape).
	Alike bool `json:"alike,omitempty"`
	// Bug is a planted bug, "" for none.
	Bug string `json:"bug"`
	// Capture keeps what went over the network of a world of containers, as frames.pcap.
	Capture bool `json:"pcap,omitempty"`
	// CheckTime bounds each checker, in wall time.
	CheckTime nemesis.Duration `json:"checkTime"`
	// Custom is the system, if it is none of the program's own.
	Custom *Custom `json:"custom,omitempty"`
}

// RandomFaults and FileFaults stand for the schedules that are not one fault of the catalogue.
const (
	RandomFaults = "random" // one to four faults of any kinds, drawn from the seed
	FileFaults   = "file"   // as a schedule file says
)

// mostNodes bounds the nodes of a plan.
const mostNodes = 99

// Simulation is the world in which time is virtual.
const Simulation = "sim"

// DefaultPlan is five nodes with ten clients for 60 simulated seconds, of which faults may take the
// middle 30.
func DefaultPlan() Plan {
	seconds := func(n int) nemesis.Duration { return nemesis.Duration(time.Duration(n) * time.Second) }
	return Plan{
		System: "cpstore", Workload: "register", Faults: "isolate-leader", World: Simulation, Seed: 1,
		Nodes: 5, Clients: 10, Duration: seconds(60), Warmup: seconds(10), Quiet: seconds(20),
		Every: nemesis.Duration(200 * time.Millisecond), Latency: nemesis.Duration(300 * time.Microsecond),
		Jitter: nemesis.Duration(400 * time.Microsecond), Scale: 30, CheckTime: seconds(10),
	}
}

// BugPlan is the plan under which a planted bug shows.
func BugPlan(system world.System, bug world.Bug) Plan {
	plan := DefaultPlan()
	plan.System, plan.Workload, plan.Faults, plan.Bug = system.Name, bug.Workload, bug.Faults, bug.Name
	if bug.Clients != 0 {
		plan.Clients = bug.Clients
	}
	if bug.Every != 0 {
		plan.Every = nemesis.Duration(bug.Every)
	}
	if bug.Latency != 0 || bug.Jitter != 0 {
		plan.Latency, plan.Jitter = nemesis.Duration(bug.Latency), nemesis.Duration(bug.Jitter)
	}
	return plan
}

// Validate tells what is wrong with a plan, naming the option.
func (p Plan) Validate() error {
	if err := p.validateWorkload(); err != nil {
		return err
	}
	if err := p.validateFaults(); err != nil {
		return err
	}
	if p.Custom != nil {
		if err := p.Custom.validate(p.System); err != nil {
			return err
		}
	}
	switch {
	case p.Nodes < 1 || p.Nodes > mostNodes:
		return fmt.Errorf("nodes: %d; there must be 1 to %d", p.Nodes, mostNodes)
	case p.Clients < p.fewestClients() || p.Clients > 10_000:
		return fmt.Errorf("clients: %d; there must be %d to 10000", p.Clients, p.fewestClients())
	case p.Warmup < 0 || p.Quiet <= 0 || p.Duration <= p.Warmup+p.Quiet:
		return fmt.Errorf("duration: %s leaves no time for faults between a warm-up of %s and a quiet phase of %s",
			time.Duration(p.Duration), time.Duration(p.Warmup), time.Duration(p.Quiet))
	case p.Every < nemesis.Duration(time.Millisecond):
		return fmt.Errorf("every: %s; it must be at least 1ms", time.Duration(p.Every))
	case p.Latency < 0 || p.Jitter < 0 || p.Tail < 0:
		return fmt.Errorf("latency, jitter and tail cannot be negative")
	case p.Loss > 90:
		return fmt.Errorf("loss: %d percent; it must be at most 90", p.Loss)
	case p.Scale < 1 || p.Scale > 1000:
		return fmt.Errorf("scale: %d; it must be 1 to 1000", p.Scale)
	}
	return nil
}

// validateWorkload sees to it that there is one of that name, and that no number is set which it would not heed.
func (p Plan) validateWorkload() error {
	workload, err := workloads.Find(p.Workload)
	if err != nil {
		return err
	}
	for _, number := range []struct {
		name string
		set  int
	}{{"keys", p.Keys}, {"txn-length", p.TxnLength}, {"writes-per-key", p.WritesPerKey}} {
		switch {
		case number.set < 0:
			return fmt.Errorf("%s: %d; it cannot be negative", number.name, number.set)
		case number.set > 0 && !slices.Contains(workload.Numbers, number.name):
			return fmt.Errorf("%s: the workload %s has no such number to set; %s", number.name, p.Workload, whoHas(number.name))
		}
	}
	return nil
}

// whoHas names the workloads that have a number to set.
func whoHas(number string) string {
	var names []string
	for _, workload := range workloads.All() {
		if slices.Contains(workload.Numbers, number) {
			names = append(names, workload.Name)
		}
	}
	return strings.Join(names, ", ") + " have"
}

// fewestClients is how many clients there must be: the workloads of programs do with one.
func (p Plan) fewestClients() int {
	if p.Custom != nil && p.Custom.Door == ProgramDoor {
		return 1
	}
	return 2
}

func (p Plan) validateFaults() error {
	switch {
	case p.Interval < 0:
		return fmt.Errorf("interval: %s; it cannot be negative", time.Duration(p.Interval))
	case p.Faults == FileFaults, p.Faults == RandomFaults && p.Interval == 0:
		return nil
	case p.Interval == 0:
		return p.validateKind(p.Faults)
	}
	for _, name := range p.faultNames() {
		if err := p.validateKind(name); err != nil {
			return err
		}
	}
	return nil
}

// faultNames are the kinds and suites that Faults names.
func (p Plan) faultNames() []string {
	if p.Interval == 0 {
		return []string{p.Faults}
	}
	return strings.Split(p.Faults, "+")
}

func (p Plan) validateKind(name string) error {
	if _, found := nemesis.FindSuite(name); found {
		return nil
	}
	kind, err := nemesis.Find(name)
	if err != nil {
		return fmt.Errorf("%w, %s; and suites: %s", err, RandomFaults, nemesis.SuiteNames())
	}
	if p.Nodes < kind.Nodes {
		return fmt.Errorf("faults: %s hits nobody with %s; it needs %d", name, countedNodes(p.Nodes), kind.Nodes)
	}
	return nil
}

func countedNodes(nodes int) string {
	if nodes == 1 {
		return "1 node"
	}
	return fmt.Sprintf("%d nodes", nodes)
}

// Name is the plan's name in the store.
func (p Plan) Name() string {
	name := p.System + "-" + p.Workload + "-" + p.Faults
	if p.Bug != "" {
		name += "-bug-" + p.Bug
	}
	if p.World != Simulation {
		name += "-" + p.World
	}
	return name
}

// Window is when faults may be.
func (p Plan) Window() nemesis.Window {
	return nemesis.Window{Start: time.Duration(p.Warmup), End: time.Duration(p.Duration - p.Quiet)}
}

// Options are all resolved options, as flags name them.
func (p Plan) Options() []reports.Option {
	text := func(d nemesis.Duration) string { return time.Duration(d).String() }
	return []reports.Option{
		{Name: "system", Value: p.System}, {Name: "workload", Value: p.Workload}, {Name: "faults", Value: p.Faults},
		{Name: "world", Value: p.World}, {Name: "seed", Value: fmt.Sprint(p.Seed)}, {Name: "nodes", Value: fmt.Sprint(p.Nodes)},
		{Name: "clients", Value: fmt.Sprint(p.Clients)}, {Name: "duration", Value: text(p.Duration)},
		{Name: "warmup", Value: text(p.Warmup)}, {Name: "quiet", Value: text(p.Quiet)}, {Name: "every", Value: text(p.Every)},
		{Name: "latency", Value: text(p.Latency)}, {Name: "jitter", Value: text(p.Jitter)}, {Name: "loss", Value: fmt.Sprint(p.Loss)},
		{Name: "scale", Value: fmt.Sprint(p.Scale)}, {Name: "bug", Value: p.Bug}, {Name: "check-time", Value: text(p.CheckTime)},
		{Name: "snapshot-every", Value: numbered(p.SnapshotEvery)}, {Name: "pcap", Value: switched(p.Capture)},
		{Name: "alike", Value: switched(p.Alike)}, {Name: "tail", Value: timedOption(p.Tail)}, {Name: "interval", Value: timedOption(p.Interval)},
		{Name: "keys", Value: numbered(uint64(p.Keys))}, {Name: "txn-length", Value: numbered(uint64(p.TxnLength))},
		{Name: "writes-per-key", Value: numbered(uint64(p.WritesPerKey))},
	}
}

// on is the value of a switch that is on; one that is off has none.
const on = "true"

// numbered is a number, "" for 0.
func numbered(number uint64) string {
	if number == 0 {
		return ""
	}
	return fmt.Sprint(number)
}

// timedOption is a length of time, "" for none.
func timedOption(length nemesis.Duration) string {
	if length == 0 {
		return ""
	}
	return time.Duration(length).String()
}

func switched(set bool) string {
	if set {
		return on
	}
	return ""
}

// Command is the shortest command line that runs the plan again.
func (p Plan) Command() string {
	if p.Custom != nil {
		return p.Custom.command(p)
	}
	usual := DefaultPlan()
	usual.System, usual.Workload, usual.Faults, usual.Seed = "", "", "", p.Seed+1 // these are always said
	var words []string
	for i, option := range p.Options() {
		switch {
		case option.Value == usual.Options()[i].Value:
		case option.Value == on:
			words = append(words, "--"+option.Name)
		default:
			words = append(words, "--"+option.Name+" "+option.Value)
		}
	}
	return "cleave run " + strings.Join(words, " ")
}
