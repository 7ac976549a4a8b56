package reports

import (
	"cmp"
	"slices"
)

// The worlds, as plans name them.
const (
	simulated = "sim"    // in which a run is the same every time
	contained = "docker" // of containers, between which go Ethernet frames
	paced     = "native" // of processes with a simulated network
)

// mostWorlds is how many worlds a comparison shows at most.
const mostWorlds = 4

// worldPlace says where a run was, for sentences: "in simulation", "in containers".
func worldPlace(world string) string {
	switch world {
	case "", simulated:
		return "in simulation"
	case contained:
		return "in containers"
	case paced:
		return "with processes"
	}
	return "in the world " + name(world)
}

// worldWords says what kind of run it was.
func worldWords(world string) string {
	switch world {
	case simulated:
		return "simulated (world sim)"
	case contained:
		return "in containers (world docker)"
	case paced:
		return "with processes, in real time (world native)"
	}
	return "in the world " + name(world)
}

// isReal tells whether a world's time is real.
func isReal(world string) bool { return world != "" && world != simulated }

// framed tells whether what goes over a world's links is frames, and not messages.
func framed(world string) bool { return isReal(world) && world != paced }

// realParts lists what is real in a world whose time is, each with an article before it.
func realParts(world, article string) string {
	parts := []string{article + "processes", article + "network", article + "time"}
	if world == paced {
		parts = slices.Delete(parts, 1, 2)
	}
	return list(parts)
}

// again says what running a run again gives.
func again(world string) string {
	if !isReal(world) {
		return "To see it again, run this line; in the simulated world it gives the same history, byte for byte:"
	}
	return "To run it again, use this line. The schedule of faults is the same; " + realParts(world, "the ") +
		" are real, so the history is another one each time:"
}

// worlds are those of a comparison: simulation alone if it names none.
func (c Comparison) worlds() []string {
	if len(c.Worlds) == 0 {
		return []string{simulated}
	}
	return c.Worlds
}

// world is where a cell ran.
func (c Comparison) world(cell *Cell) string { return cmp.Or(cell.World, c.worlds()[0]) }

// cell is the first run of its place, nil if there is none.
func (c Comparison) cell(workload, fault, system, world string) *Cell {
	at := slices.IndexFunc(c.Cells, func(cell Cell) bool {
		return cell.Workload == workload && cell.Fault == fault && cell.System == system && c.world(&cell) == world
	})
	if at < 0 {
		return nil
	}
	return &c.Cells[at]
}

// column is one system in one world.
type column struct {
	system, world string
	Name          string // of the system, to be shown
	Place         string // where, if there is more than one world
}

// Title names a column.
func (c column) Title() string {
	if c.Place == "" {
		return c.Name
	}
	return c.Name + " " + c.Place
}

// columns are the systems and worlds in which anything ran of a workload.
func (c Comparison) columns(workload string) []column {
	var columns []column
	for _, system := range c.Systems {
		for _, world := range c.worlds() {
			if !slices.ContainsFunc(c.Cells, func(cell Cell) bool {
				return cell.Workload == workload && cell.System == system.Name && c.world(&cell) == world
			}) {
				continue
			}
			one := column{system: system.Name, world: world, Name: name(system.Name)}
			if len(c.worlds()) > 1 {
				one.Place = worldPlace(world)
			}
			columns = append(columns, one)
		}
	}
	return columns
}

// worldsOf says in which worlds the runs of a comparison were, and what that means; "" where it is
// simulation alone, as ever.
func worldsOf(c Comparison) string {
	all := c.worlds()
	if len(all) == 1 && all[0] == simulated {
		return ""
	}
	if len(all) == 1 {
		return "All runs were " + worldWords(all[0]) + ": " + realParts(all[0], "the ") + " were real. " +
			"A repetition has the same schedule of faults, and other times."
	}
	parts := make([]string, 0, len(all))
	for _, world := range all {
		parts = append(parts, worldWords(world))
	}
	text := "Runs were " + list(parts) + "; a system has a column for each world in which it ran."
	if slices.Contains(all, simulated) {
		text += " A simulated run is the same at every repetition; elsewhere the processes, the network and the time are real, " +
			"and a repetition has the same schedule of faults and other times."
	}
	return text
}
