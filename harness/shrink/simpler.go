package shrink

import (
	"fmt"
	"slices"
	"time"

	"cleave/harness"
	"cleave/nemesis"
)

func asDuration(d time.Duration) nemesis.Duration { return nemesis.Duration(d) }

// usualPlan is what a plan is like when nobody says otherwise.
var usualPlan = harness.DefaultPlan()

// simpler are, for a kind of fault, the kinds that may do instead and are simpler to tell, the simplest
// first.
var simpler = map[string][]string{
	"halves-leader-minority": {"one-link", "one-way-out", "one-way-in", "isolate-leader"},
	"halves-leader-majority": {"one-link", "isolate-one"},
	"halves-clients-across":  {"one-link", "one-way-out", "one-way-in", "isolate-leader", "isolate-one", "halves-leader-minority"},
	"isolate-leader":         {"one-link", "one-way-out", "one-way-in"},
	"isolate-one":            {"one-link"},
	"one-way-in":             {"one-link"},
	"one-way-out":            {"one-link"},
	"bridge":                 {"one-link", "one-way-out", "one-way-in", "isolate-leader", "isolate-one", "halves-leader-minority"},
	"chain":                  {"one-link", "one-way-out", "one-way-in", "isolate-leader", "isolate-one", "bridge"},
	"star":                   {"one-link", "one-way-out", "one-way-in", "isolate-leader", "isolate-one"},
	"random-links":           {"one-link", "one-way-out", "one-way-in", "isolate-leader", "isolate-one"},
	"majorities-ring":        {"one-link", "one-way-out", "one-way-in", "isolate-leader", "isolate-one", "halves-leader-minority", "bridge"},
	"shatter":                {"one-link", "one-way-out", "one-way-in", "isolate-leader", "isolate-one", "halves-leader-minority"},
	"primaries-alone":        {"one-link", "one-way-out", "one-way-in", "isolate-leader"},
	"clients-cut-off":        {"one-link", "isolate-leader"},
	"clients-miss-leader":    {"one-link", "isolate-leader"},
	"flapping":               {"one-link", "one-way-out", "one-way-in", "isolate-leader"},
	"flicker":                {"one-link", "one-way-out", "one-way-in", "isolate-leader", "halves-leader-minority"},
	"bridge-crash":           {"pause", "kill-one", "kill-leader", "isolate-leader", "isolate-one", "bridge", "kill-all"},
	"rejoin-crash":           {"pause", "kill-one", "kill-leader", "isolate-leader", "isolate-one", "flapping", "kill-all"},
	"kill-one":               {"isolate-one"},
	"kill-leader":            {"pause"},
	"kill-all":               {"pause", "kill-one", "kill-leader"},
	"kill-during-write":      {"pause", "kill-leader", "kill-one"},
	"rolling-restart":        {"pause", "kill-one", "kill-leader"},
	"crash-loop":             {"pause", "kill-one", "kill-leader"},
	"power-loss":             {"pause", "kill-one", "kill-leader", "kill-all"},
	"add-member":             {"pause", "kill-one", "remove-member"},
	"replace-member":         {"pause", "kill-one", "remove-member"},
	"lost-disk":              {"pause", "kill-one", "kill-leader"},
	"old-disk":               {"pause", "kill-one", "kill-leader"},
	"bit-flip":               {"kill-one", "kill-leader"},
	"slow-node":              {"pause"},
	"clock-strobe":           {"clock-skew"},
	"clock-drift":            {"clock-skew"},
	"loss":                   {"one-link", "one-way-out", "one-way-in", "isolate-leader", "isolate-one"},
	"delay":                  {"one-link", "one-way-out", "one-way-in", "isolate-leader"},
}

// simplerFaults makes each fault of a simpler kind, once instead of again and again, and shorter.
func (s *search) simplerFaults() {
	for at := range s.best.Schedule.Faults {
		fault := s.best.Schedule.Faults[at]
		kinds := simpler[fault.Kind]
		if fault.Target != "" {
			usual := fault
			usual.Target = ""
			s.one(s.best.replaced(at, usual), s.options.Seeds)
		}
		s.better(2*len(kinds), func(i int) Case {
			changed := s.best.Schedule.Faults[at]
			changed.Kind, changed.Period, changed.Offset = kinds[i/2], 0, 0
			if i%2 == 0 {
				changed.Target = "" // whom the kind hits when nobody says; else whom the fault hit before
			}
			if kind, err := nemesis.Find(kinds[i/2]); err == nil {
				changed.Period, changed.Offset = asDuration(kind.Period), asDuration(kind.Offset)
			}
			return s.best.replaced(at, changed)
		}, s.options.Seeds)
		if once := s.best.Schedule.Faults[at]; once.Period > 0 {
			once.Period = 0
			s.one(s.best.replaced(at, once), s.options.Seeds)
		}
		s.shorter(at)
	}
}

// shorter makes a fault last less long.
func (s *search) shorter(at int) {
	lengths := []time.Duration{100 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second}
	lengths = slices.DeleteFunc(lengths, func(d time.Duration) bool { return d >= time.Duration(s.best.Schedule.Faults[at].Duration) })
	s.better(len(lengths), func(i int) Case {
		fault := s.best.Schedule.Faults[at]
		fault.Duration = asDuration(lengths[i])
		return s.best.replaced(at, fault)
	}, 0)
}

// fewerNodes tries smaller clusters. Clients live beside nodes by their numbers, so who stands where
// changes; each is tried with the clients moved on by some nodes, other draws, and other seeds.
func (s *search) fewerNodes() {
	for _, nodes := range []int{1, 2, 3, 4, 5, 7} {
		if nodes >= s.best.Plan.Nodes {
			return
		}
		draws := min(len(s.best.Schedule.Faults), 1) * 2
		turns := (draws + 1) * nodes
		if s.better(turns, func(i int) Case {
			c := s.best
			c.Plan.Nodes = nodes
			c = c.placed(i % nodes)
			if draw := i / nodes; draw > 0 {
				c = c.drawn(uint64(draw))
			}
			return c
		}, s.options.Seeds/2) >= 0 {
			return
		}
	}
}

// placed gives the clients that do anything the lowest numbers after some that do nothing, so that each
// lives beside another node than the one before it.
func (c Case) placed(after int) Case {
	names := map[string]string{}
	for i, client := range c.active() {
		names[client] = fmt.Sprintf("c%d", after+i+1)
	}
	c.Plan.Clients = max(after+len(names), 2)
	return c.renamed(names)
}

// active are the clients that do anything, by number.
func (c Case) active() []string {
	var clients []string
	for _, o := range c.Schedule.Operations {
		if !slices.Contains(clients, o.Client) {
			clients = append(clients, o.Client)
		}
	}
	slices.SortFunc(clients, func(a, b string) int { return number(a) - number(b) })
	return clients
}

// number is a client's number: 12 of c12.
func number(client string) int {
	n := 0
	fmt.Sscanf(client, "c%d", &n)
	return n
}

// renamed gives the operations of clients to others.
func (c Case) renamed(names map[string]string) Case {
	operations := slices.Clone(c.Schedule.Operations)
	for i := range operations {
		if name, changes := names[operations[i].Client]; changes {
			operations[i].Client = name
		}
	}
	return c.with(c.Schedule.Faults, operations)
}

// drawn gives all faults a small draw.
func (c Case) drawn(draw uint64) Case {
	faults := slices.Clone(c.Schedule.Faults)
	for i := range faults {
		faults[i].Draw = draw
	}
	return c.with(faults, c.Schedule.Operations)
}

// fewerClients leaves out clients that do nothing, gives those that do the lowest numbers, first beside the
// same nodes, and has one do the work of two.
func (s *search) fewerClients() {
	most := 2
	for _, client := range s.best.active() {
		most = max(most, number(client))
	}
	c := s.best
	c.Plan.Clients = min(most, c.Plan.Clients)
	s.one(c, s.options.Seeds)
	s.one(s.best.besideTheSame(), s.options.Seeds)
	if active := s.best.active(); len(active) <= 8 {
		s.better(s.best.Plan.Nodes, s.best.placed, s.options.Seeds/2)
		s.oneForTwo()
	}
}

// besideTheSame gives clients the lowest numbers that live beside the same nodes.
func (c Case) besideTheSame() Case {
	names, taken, most := map[string]string{}, map[int]bool{}, 2
	for _, client := range c.active() {
		free := (number(client)-1)%c.Plan.Nodes + 1
		for taken[free] {
			free += c.Plan.Nodes
		}
		taken[free] = true
		names[client], most = fmt.Sprintf("c%d", free), max(most, free)
	}
	c.Plan.Clients = most
	return c.renamed(names)
}

// oneForTwo has one client do what two did.
func (s *search) oneForTwo() {
	for merged := true; merged; {
		active := s.best.active()
		var pairs [][2]string
		for i, a := range active {
			for _, b := range active[:i] {
				pairs = append(pairs, [2]string{a, b}, [2]string{b, a})
			}
		}
		merged = s.better(len(pairs), func(i int) Case { return s.best.renamed(map[string]string{pairs[i][0]: pairs[i][1]}) }, 0) >= 0
	}
}

// smallerNumbers makes seed, draws and offsets small.
func (s *search) smallerNumbers() {
	const small = 4
	if s.best.Schedule.Seed > small {
		s.better(small, func(i int) Case { return s.best.seeded(uint64(i)) }, 0)
	}
	for at := range s.best.Schedule.Faults {
		fault := s.best.Schedule.Faults[at]
		if fault.Draw > small {
			s.better(small, func(i int) Case {
				drawn := s.best.Schedule.Faults[at]
				drawn.Draw = uint64(i)
				return s.best.replaced(at, drawn)
			}, 0)
		}
		offsets := []time.Duration{time.Second, 5 * time.Second, 10 * time.Second}
		offsets = slices.DeleteFunc(offsets, func(d time.Duration) bool { return d >= time.Duration(fault.Offset) })
		s.better(len(offsets), func(i int) Case {
			moved := s.best.Schedule.Faults[at]
			moved.Offset = asDuration(offsets[i])
			return s.best.replaced(at, moved)
		}, 0)
	}
	s.fewerKeys()
}

// fewerKeys has operations on one key instead of another.
func (s *search) fewerKeys() {
	var keys []string
	for _, o := range s.best.Schedule.Operations {
		if !slices.Contains(keys, o.Key) {
			keys = append(keys, o.Key)
		}
	}
	if len(keys) < 2 || len(keys) > 6 {
		return
	}
	s.better(len(keys)-1, func(i int) Case {
		operations := slices.Clone(s.best.Schedule.Operations)
		for at := range operations {
			if operations[at].Key == keys[i+1] {
				operations[at].Key = keys[0]
			}
		}
		return s.best.with(s.best.Schedule.Faults, operations)
	}, 0)
}
