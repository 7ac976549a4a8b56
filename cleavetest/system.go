package cleavetest

import (
	"cmp"
	"regexp"
	"strings"
	"time"

	"cleave/harness"
	"cleave/nemesis"
	"cleave/workloads"
	"cleave/world"
)

// System is what is put to the test. Node and Client must be there; the rest has defaults.
type System struct {
	// Node makes a node as it boots, and again at every restart: it then knows no more than what is on its disk. nodes are
	// the names of all, in the same order for everybody.
	Node func(name string, nodes []string) world.Process
	// Client makes a client that lives beside the node host; see Caller.
	Client func(host string, nodes []string) world.Client

	// Name is what it is called in reports, of letters, digits, dots and dashes; default: the package's.
	Name string
	// Guarantee fixes what it promises; default: workloads.Linearizable.
	Guarantee workloads.Guarantee
	// AnyNode says that a client is to be served that reaches a single node; default: a majority of nodes that all reach each
	// other, unless it is workloads.Available.
	AnyNode bool
	// Grace is how long after any change of who reaches whom a client may go unserved, from when it first asks; default 5 s.
	Grace time.Duration
	// Boot is how long a restarted node may take until it serves; default 3 s.
	Boot time.Duration
	// Recovery is how long after all faults it may take until it serves and agrees; default 10 s.
	Recovery time.Duration
	// Diskless says that its nodes keep nothing on disk, so that no fault of a disk is done to them.
	Diskless bool
	// Types names what a message carries, such as "vote", for the picture of a story; nil: it is not named.
	Types func(world.Message) []string
}

// custom is what a plan says of the system.
func (s System) custom(test string) *harness.Custom {
	again := "go test " + packagePath() + " -run '" + pattern(test) + "'"
	return &harness.Custom{
		Door: harness.GoDoor, Summary: "the system of " + test, Guarantee: s.Guarantee, Majority: !s.AnyNode && s.Guarantee != workloads.Available,
		OnDemand: true, Grace: nemesis.Duration(cmp.Or(s.Grace, 5*time.Second)), Boot: nemesis.Duration(cmp.Or(s.Boot, 3*time.Second)),
		Recovery: nemesis.Duration(cmp.Or(s.Recovery, 10*time.Second)), Diskless: s.Diskless,
		Again: again + " -cleave.seed {seed}", Replay: again + " -cleave.schedule {folder}",
	}
}

// made is the system as the harness takes it.
func (s System) made(plan harness.Plan) world.System {
	system := plan.Custom.System(plan.System)
	system.Node = func(name string, cluster world.Cluster) world.Process {
		return booted(func() world.Process { return s.Node(name, cluster.Nodes) })
	}
	system.Client = func(_, host string, cluster world.Cluster) world.Client {
		return joined(func() world.Client { return s.Client(host, cluster.Nodes) })
	}
	system.Types = s.Types
	return system
}

// odd is what a system's name cannot have.
var odd = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// nameOf makes a name of a test's.
func nameOf(test string) string {
	const longest = 60
	name := strings.Trim(odd.ReplaceAllString(strings.TrimPrefix(test, "Test"), "-"), "-._")
	return cmp.Or(name[:min(len(name), longest)], "system")
}

// pattern is the argument of -run that selects one test: each part of its name whole.
func pattern(test string) string {
	parts := strings.Split(test, "/")
	for i, part := range parts {
		parts[i] = "^" + regexp.QuoteMeta(part) + "$"
	}
	return strings.Join(parts, "/")
}
