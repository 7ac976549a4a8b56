package engine

import (
	"context"
	"fmt"

	"cleave/world/docker/disk"
	"cleave/world/docker/layer"
)

// Finding is one thing that a machine has or lacks.
type Finding struct {
	What string // a few words
	Good bool
	// Needed says that without it no container runs at all. Otherwise some faults or systems are missing.
	Needed bool
	Detail string // what was found; if it is not good, what is wrong and how to mend it
}

// Doctor says what the engine of this machine can do, and whether it has some images, by their names. It
// makes and changes nothing.
func Doctor(ctx context.Context, images []string) []Finding {
	e, err := Open(ctx)
	if err != nil {
		return []Finding{{What: "Docker engine", Needed: true, Detail: err.Error()}}
	}
	defer func() { _ = e.Close() }() // nothing is under way
	findings := []Finding{
		{What: "Docker engine", Good: true, Needed: true, Detail: fmt.Sprintf("%s at %s, API %s", e.Version, e.Host, e.API)},
		verdict("engine of this machine", true, e.Local(), fmt.Sprintf("%s, kernel %s", e.System, e.Kernel)),
		{What: "storage and control groups", Good: true, Detail: fmt.Sprintf("%s, version %s", e.Storage, e.Cgroup)},
		e.memory(),
		verdict("slow processors", false, e.Slows(), "a share of one"),
		verdict("disks that lose their power", false, disk.Able(), "ext4 on a loop device"),
		verdict("disks whose syncs are slow, fail or are cut off", false, layer.Able(), "FUSE over such a disk"),
	}
	for _, name := range images {
		image, err := e.Image(ctx, name)
		findings = append(findings, verdict("image "+name, false, err, fmt.Sprintf("%s, %d MB", image.Version, image.Size/1_000_000)))
	}
	return findings
}

func (e *Engine) memory() Finding {
	if e.MemoryLimit {
		return Finding{What: "memory limits", Good: true, Detail: "they hold"}
	}
	return Finding{What: "memory limits", Detail: "the kernel has no control group for memory: containers take what they want"}
}

func verdict(what string, needed bool, err error, detail string) Finding {
	if err != nil {
		detail = err.Error()
	}
	return Finding{What: what, Good: err == nil, Needed: needed, Detail: detail}
}
