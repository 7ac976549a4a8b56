package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"path"
	"slices"

	"cleave/world"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/mount"
)

// ID is the full name of a container.
type ID string

// Spec says what a container is.
type Spec struct {
	Name        string   // unique in the run; also its host name, if it has a network namespace of its own
	Image       string   // its name or id
	Entrypoint  []string // what runs, instead of the image's entry point; none for that
	Command     []string // follows the image's entry point; none for the image's own
	User        string   // who it runs as; "" for the image's own
	Environment []string // "NAME=value", added to the image's
	// Files are written before the start, also into what is mounted; a disk in memory must be in use by
	// another container that runs, or what was written to it is lost.
	Files []world.File
	// Within is the container whose network namespace it shares. "" is one of its own, in which there is
	// nothing but loopback.
	Within ID
	// Hosts are names that it knows besides, with their addresses. Who shares its namespace knows them too
	// and has none of his own.
	Hosts        map[string]netip.Addr
	Mounts       []Mount
	Memory       int64    // bounds it, in bytes; 0 does not. An engine without Info.MemoryLimit ignores it
	Capabilities []string // what root may do in it, such as "NET_ADMIN"; none but these
	Labels       map[string]string
}

// Mount is a disk of a container.
type Mount struct {
	Source string // the full name of a volume, or the absolute path of a folder that exists
	Path   string // where the container has it
}

// Create makes a container, which does not run yet, and writes its files. It errors if the name is taken,
// and with how to make it if the image is missing.
func (e *Engine) Create(ctx context.Context, spec Spec) (ID, error) {
	if spec.Within != "" && len(spec.Hosts) > 0 {
		return "", fmt.Errorf("creating %s: the names of hosts are those of %s", spec.Name, spec.Within)
	}
	if _, err := e.Image(ctx, spec.Image); err != nil {
		return "", fmt.Errorf("creating %s: %w", spec.Name, err)
	}
	name := e.name(spec.Name)
	if _, err := e.client.ContainerCreate(ctx, e.config(spec), e.hostConfig(spec), nil, nil, name); err != nil {
		return "", fmt.Errorf("creating %s: %w", name, err)
	}
	id := ID(name)
	if err := e.CopyTo(ctx, id, spec.Files); err != nil {
		return "", errors.Join(err, e.Remove(ctx, id))
	}
	return id, nil
}

func (e *Engine) config(spec Spec) *container.Config {
	config := &container.Config{Image: spec.Image, Entrypoint: spec.Entrypoint, Cmd: spec.Command, User: spec.User, Env: spec.Environment,
		Labels: e.labelled(spec.Labels)}
	if spec.Within == "" {
		config.Hostname = spec.Name
	}
	return config
}

func (e *Engine) hostConfig(spec Spec) *container.HostConfig {
	config := &container.HostConfig{NetworkMode: "none", CapDrop: []string{"ALL"}, CapAdd: spec.Capabilities,
		SecurityOpt: []string{"no-new-privileges"},
		// The engine's own choice may be one that cannot be read back.
		LogConfig: container.LogConfig{Type: "json-file"}}
	if spec.Within != "" {
		config.NetworkMode = container.NetworkMode("container:" + spec.Within)
	}
	for _, host := range slices.Sorted(maps.Keys(spec.Hosts)) {
		config.ExtraHosts = append(config.ExtraHosts, host+":"+spec.Hosts[host].String())
	}
	for _, each := range spec.Mounts {
		config.Mounts = append(config.Mounts, mountOf(each))
	}
	if e.MemoryLimit && spec.Memory > 0 {
		config.Memory, config.MemorySwap = spec.Memory, spec.Memory // the same, so that it does not swap
	}
	return config
}

func mountOf(m Mount) mount.Mount {
	if path.IsAbs(m.Source) {
		return mount.Mount{Type: mount.TypeBind, Source: m.Source, Target: m.Path}
	}
	// What the image has there is not copied: to a disk in memory that nobody has yet, it would be lost.
	return mount.Mount{Type: mount.TypeVolume, Source: m.Source, Target: m.Path, VolumeOptions: &mount.VolumeOptions{NoCopy: true}}
}
