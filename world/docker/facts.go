package docker

import (
	"fmt"
	"runtime"
	"strings"

	"cleave/world"
)

// Facts are what the run depended on besides its schedule.
func (w *World) Facts() []world.Fact {
	e := w.engine
	facts := []world.Fact{
		{Name: "engine", Value: fmt.Sprintf("Docker %s, API %s, %s, control groups %s", e.Version, e.API, e.Storage, e.Cgroup)},
		{Name: "machine", Value: fmt.Sprintf("%s, kernel %s, %s, %d processors", e.System, e.Kernel, runtime.GOARCH, runtime.NumCPU())},
	}
	for i, name := range []string{"image of the holders", "image of the nodes"} {
		if i < len(w.images) {
			image := w.images[i]
			facts = append(facts, world.Fact{Name: name, Value: strings.TrimSpace(fmt.Sprintf("%s %s %s", image.Name, image.Version, image.ID))})
		}
	}
	for _, n := range w.nodes {
		facts = append(facts, world.Fact{Name: n.name, Value: w.places.Addresses[n.name].String()})
	}
	for _, n := range w.nodes {
		if n.layer != nil {
			facts = append(facts, world.Fact{Name: "disk of " + n.name, Value: n.layer.Met().String()})
		}
	}
	for _, u := range w.users {
		facts = append(facts, world.Fact{Name: u.name, Value: fmt.Sprintf("%s, beside %s", w.places.Addresses[u.name], u.host)})
	}
	losses, err := w.network.Losses()
	if err == nil {
		facts = append(facts, world.Fact{Name: "frames outside links", Value: fmt.Sprintf("%d to nobody, %d spilled by the system, %d not captured",
			losses.Strays, losses.Spilled, losses.Uncaptured)})
	}
	return facts
}

// Traffic is what went over every link that anything went over.
func (w *World) Traffic() []world.Traffic {
	var all []world.Traffic
	for _, c := range w.network.Counters() {
		if c.Frames > 0 {
			all = append(all, world.Traffic{From: c.From, To: c.To, Frames: c.Delivered, Bytes: c.Bytes, Dropped: c.Dropped,
				Lost: c.Lost, Disturbed: c.Disturbed})
		}
	}
	return all
}
