package nemesis

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cleave/internal/rng"
)

// Fault is one disturbance, as data.
type Fault struct {
	Kind     string   `json:"kind"`     // a name of the catalogue
	Start    Duration `json:"start"`    // since the start of the run
	Duration Duration `json:"duration"` // how long it lasts, above 0
	Draw     uint64   `json:"draw"`     // decides what the kind leaves open, e.g. which follower
	Period   Duration `json:"period,omitempty"`
	Offset   Duration `json:"offset,omitempty"`
	Target   Role     `json:"target,omitempty"` // whom it hits; "" is whom the kind hits when nobody says
}

// End is when the fault ends.
func (f Fault) End() time.Duration { return time.Duration(f.Start + f.Duration) }

// Duration is a time.Duration that is written as text, "1.5s".
type Duration time.Duration

// MarshalText writes it as time.Duration does.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads what time.ParseDuration reads.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("a duration is written \"1.5s\", not %.40q", text)
	}
	*d = Duration(parsed)
	return nil
}

// Validate tells what is wrong with a schedule for a number of nodes, and with which fault: the one at its start.
func Validate(faults []Fault, nodes int) error {
	for _, fault := range faults {
		if err := fault.Validate(nodes); err != nil {
			return fmt.Errorf("the fault at %s: %w", time.Duration(fault.Start), err)
		}
	}
	return nil
}

// Validate tells what is wrong with a fault for a number of nodes.
func (f Fault) Validate(nodes int) error {
	kind, err := Find(f.Kind)
	switch {
	case err != nil:
		return err
	case f.Start < 0:
		return fmt.Errorf("%s starts at %s, before the run", f.Kind, time.Duration(f.Start))
	case f.Duration <= 0:
		return fmt.Errorf("%s lasts %s; it must last", f.Kind, time.Duration(f.Duration))
	case f.Period < 0:
		return fmt.Errorf("%s has the period %s; it cannot be negative", f.Kind, time.Duration(f.Period))
	case f.Period > 0 && kind.bouts != nil:
		return fmt.Errorf("%s does not go on and off: it does one thing after another, and has no period", f.Kind)
	case f.Offset != 0 && !slices.Contains(kind.needs, MoveClocks):
		return fmt.Errorf("%s moves no clocks, and has no offset", f.Kind)
	case nodes < kind.Nodes:
		return fmt.Errorf("%s hits nobody with %d nodes; it needs %d", f.Kind, nodes, kind.Nodes)
	case f.Target != "":
		return f.Target.validate(kind, nodes)
	}
	return nil
}

// Find is the kind of a name.
func Find(name string) (Kind, error) {
	for _, kind := range Catalogue {
		if kind.Name == name {
			return kind, nil
		}
	}
	return Kind{}, fmt.Errorf("unknown fault %.60q; there are: %s", name, strings.Join(Names(), ", "))
}

// Names are the names of all kinds, in the catalogue's order.
func Names() []string {
	names := make([]string, len(Catalogue))
	for i, kind := range Catalogue {
		names[i] = kind.Name
	}
	return names
}

// Classic are the names of the kinds that a comparison takes and that Random draws from: cuts of all shapes,
// kills, pauses and wrong clocks.
func Classic() []string {
	var names []string
	for _, kind := range Catalogue {
		if !kind.single {
			names = append(names, kind.Name)
		}
	}
	return names
}

// One is the schedule of a single fault of a kind. It lasts as long as the window, or as the kind
// usually does if that is shorter.
func One(kind Kind, seed uint64, window Window) []Fault {
	duration := window.End - window.Start
	if kind.Usual > 0 && kind.Usual < duration {
		duration = kind.Usual
	}
	return []Fault{{Kind: kind.Name, Start: Duration(window.Start), Duration: Duration(duration),
		Draw: rng.Mix(seed, drawKey), Period: Duration(kind.Period), Offset: Duration(kind.Offset)}}
}

// Window is the time in which faults may be.
type Window struct{ Start, End time.Duration }

// The decisions of a random schedule, so that each has randomness of its own.
const (
	drawKey = iota + 1
	countKey
	kindKey
	timeKey
)

// Random is a schedule of one to four faults that this many nodes allow, which may overlap, each in the
// window. It draws partitions, kills, pauses and jumps of the clock; those of messages, disks and power
// are for schedules that name them, so that a seed goes on meaning the schedule that it has always meant.
func Random(seed uint64, nodes int, window Window) []Fault {
	count := 1 + rng.Below(rng.Mix(seed, countKey), 4)
	var possible []Kind
	for _, kind := range Catalogue {
		if kind.Name != None && !kind.single && nodes >= kind.Nodes {
			possible = append(possible, kind)
		}
	}
	faults := make([]Fault, 0, count)
	for i := range count {
		kind := possible[rng.Below(rng.Mix(seed, kindKey, i), uint64(len(possible)))]
		stream := rng.New(seed, timeKey, i)
		room := int64((window.End - window.Start) / time.Millisecond)
		start := stream.Below(max(room*3/4, 1))
		length := stream.Between(min(500, room-start), room-start)
		faults = append(faults, Fault{Kind: kind.Name, Start: Duration(window.Start + time.Duration(start)*time.Millisecond),
			Duration: Duration(time.Duration(max(length, 1)) * time.Millisecond), Draw: stream.Uint64(),
			Period: Duration(kind.Period), Offset: Duration(kind.Offset)})
	}
	return faults
}
