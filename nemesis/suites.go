package nemesis

import (
	"slices"
	"strings"
	"time"

	"cleave/internal/rng"
)

// Suite is a named set of kinds, from which each seed makes a schedule of its own.
type Suite struct {
	Name    string
	Summary string // one sentence
	Kinds   []string
}

var (
	partitionKinds = []string{"halves-leader-minority", "halves-leader-majority", "halves-clients-across", "isolate-leader", "isolate-one",
		"one-way-in", "one-way-out", "bridge", "majorities-ring", "shatter", "flapping", "flicker", "one-link", "chain", "star",
		"random-links", "primaries-alone", "clients-cut-off", "clients-miss-leader"}
	packetKinds = []string{"loss", "delay", "duplicate", "reorder", "corrupt", "slow-link"}
	crashKinds  = []string{"kill-one", "kill-leader", "kill-all", "pause", "power-loss", "rejoin-crash", "bridge-crash", "rolling-restart",
		"crash-loop", "kill-during-write", "slow-node"}
	diskKinds   = []string{"full-disk", "slow-sync", "failing-sync", "bit-flip", "kill-during-write", "power-loss", "kill-all"}
	clockKinds  = []string{"clock-skew", "clock-strobe", "clock-drift", "isolate-leader", "kill-leader"}
	memberKinds = []string{"remove-member", "add-member", "replace-member", "isolate-leader", "halves-leader-minority", "kill-leader",
		"kill-one", "pause", "flapping", "power-loss"}
)

// Suites lists every suite. Kinds with Harms are in none but the last: where disks take back what they have
// promised, nothing is left to judge.
var Suites = []Suite{
	{"smoke", "the commonest troubles: a cut, a crash, a pause, a flapping link", []string{
		"isolate-leader", "halves-leader-minority", "kill-leader", "pause", "flapping"}},
	{"partitions", "cuts of every shape, in one direction, between clients and nodes, on and off", partitionKinds},
	{"packets", "messages lost, late, doubled, overtaken, damaged, or too many for the line", packetKinds},
	{"crash", "processes killed, restarted, paused, slowed, also as they join again or write", crashKinds},
	{"disk", "disks that are full, slow, failing, damaged or torn, and the crashes that show it", diskKinds},
	{"clock", "wall clocks that jump, strobe and drift, with a cut or a crash at the same time", clockKinds},
	{"membership", "members removed, added and replaced, with cuts, crashes and restarts at the same time", memberKinds},
	{"everything", "all of these", merged(partitionKinds, packetKinds, crashKinds, diskKinds, clockKinds, memberKinds)},
	{"harm", "disks that are lost or put back as they were, under which nothing is promised and all is measured", []string{
		"lost-disk", "old-disk", "kill-leader", "isolate-leader"}},
}

func merged(lists ...[]string) []string {
	var all []string
	for _, list := range lists {
		for _, name := range list {
			if !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	return all
}

// FindSuite is the suite of a name.
func FindSuite(name string) (Suite, bool) {
	at := slices.IndexFunc(Suites, func(s Suite) bool { return s.Name == name })
	if at < 0 {
		return Suite{}, false
	}
	return Suites[at], true
}

// stable is how long all is well between two faults, in schedules whose faults come one after another.
const stable = 3 * time.Second

// The decisions of a suite's schedule, so that each has randomness of its own.
const (
	suiteKey = iota + 100
	switchKey
	overlapKey
	suiteCountKey
	suiteKindKey
	suiteTimeKey
	aimKey
	turnKey
)

// Faults is the schedule of one to four faults that a seed makes: at most so many as there are kinds switched
// on. First each kind is switched on or off, half of them on average, so that over many seeds every pair of
// kinds is met without the others (swarm testing, Groce et al., ISSTA 2012, section 2). In half of the schedules
// faults may overlap, in the others they come one after another with a stable time between. Some are aimed at
// others than usual. able tells which kinds can be done at all; nil: all can.
func (s Suite) Faults(seed uint64, nodes int, window Window, able func(Kind) bool) []Fault {
	kinds := s.on(seed, nodes, able)
	if len(kinds) == 0 {
		return nil
	}
	count := 1 + rng.Below(rng.Mix(seed, suiteCountKey), 4)
	overlap := rng.Below(rng.Mix(seed, overlapKey), 2) == 0
	faults := make([]Fault, 0, count)
	for i := range count {
		room := window
		if slot := (window.End - window.Start) / time.Duration(count); !overlap && slot > 2*stable {
			room.Start += time.Duration(i) * slot
			room.End = room.Start + slot - stable
		}
		kind := kinds[rng.Below(rng.Mix(seed, suiteKindKey, i), uint64(len(kinds)))]
		faults = append(faults, s.fault(kind, seed, i, nodes, room))
	}
	return faults
}

// on are the kinds that a seed switches on, of those that can be done. If it would be none, all are.
func (s Suite) on(seed uint64, nodes int, able func(Kind) bool) []Kind {
	var possible, on []Kind
	for _, name := range s.Kinds {
		kind, err := Find(name)
		if err != nil {
			panic("nemesis: suite " + s.Name + ": " + err.Error())
		}
		if nodes < kind.Nodes || able != nil && !able(kind) {
			continue
		}
		possible = append(possible, kind)
		if rng.Below(rng.Mix(seed, switchKey, rng.Text(name)), 2) == 0 {
			on = append(on, kind)
		}
	}
	if len(on) == 0 {
		return possible
	}
	return on
}

func (s Suite) fault(kind Kind, seed, number uint64, nodes int, room Window) Fault {
	stream := rng.New(seed, suiteTimeKey, number)
	span := int64((room.End - room.Start) / time.Millisecond)
	start := stream.Below(max(span*3/4, 1))
	length := stream.Between(min(2000, span-start), span-start) // long enough to be noticed
	if usual := int64(kind.Usual / time.Millisecond); usual > 0 {
		length = min(length, usual)
	}
	return Fault{Kind: kind.Name, Start: Duration(room.Start + time.Duration(start)*time.Millisecond),
		Duration: Duration(time.Duration(max(length, 1)) * time.Millisecond), Draw: stream.Uint64(),
		Period: Duration(kind.Period), Offset: Duration(kind.Offset), Target: aimOf(kind, rng.New(seed, aimKey, number), nodes)}
}

// aimOf is whom a fault is aimed at: one in three is not left to its kind.
func aimOf(kind Kind, stream *rng.Stream, nodes int) Role {
	if !stream.Chance(1, 3) {
		return ""
	}
	var roles []Role
	for _, role := range Roles {
		if role != kind.Aim && role.validate(kind, nodes) == nil {
			roles = append(roles, role)
		}
	}
	if kind.Harms || len(roles) == 0 {
		return ""
	}
	return roles[stream.Below(int64(len(roles)))]
}

// SuiteNames are the names of all suites, with commas between them.
func SuiteNames() string {
	names := make([]string, len(Suites))
	for i, suite := range Suites {
		names[i] = suite.Name
	}
	return strings.Join(names, ", ")
}
