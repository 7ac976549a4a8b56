package docker

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"cleave/history"
	"cleave/world"
	"cleave/world/docker/engine"
	"cleave/world/docker/fabric"
)

// Populate brings up the nodes, waits until all serve, and adds the clients; then time begins. An error
// says which node did not come up, with the last lines of its log.
func (w *World) Populate(system world.System, cluster world.Cluster, clients []history.Placement) error {
	if system.Deployment == nil {
		return fmt.Errorf("%s does not run in containers", system.Name)
	}
	if len(cluster.Nodes) > MostNodes || len(clients) > MostClients {
		return fmt.Errorf("%d nodes and %d clients; containers take %d and %d at most", len(cluster.Nodes), len(clients), MostNodes, MostClients)
	}
	w.system, w.deployment = system, system.Deployment
	w.places = world.Places{Cluster: cluster, Addresses: addresses(cluster.Nodes, clients), Seed: w.options.Seed}
	for _, name := range cluster.Nodes {
		n := &node{world: w, name: name, stir: make(chan struct{}, 1), ready: make(chan struct{}), log: &shared{out: w.options.Log(name)}}
		w.nodes = append(w.nodes, n)
		w.byName[name] = n
	}
	// The disks come first: they tell whoever cleans up that a run is under way, which wants its images.
	if err := w.each(func(n *node) (err error) { n.disk, err = w.makeStore(n); return err }); err != nil {
		return err
	}
	if err := w.findImages(); err != nil {
		return err
	}
	if err := w.each(w.build); err != nil {
		return err
	}
	for _, n := range w.nodes {
		n.want(func(s *state) { s.runs = true })
		w.group.Go(func() { n.tend(w.ctx) })
	}
	if err := w.each(w.await); err != nil {
		return err
	}
	for _, at := range clients {
		if err := w.addUser(at); err != nil {
			return err
		}
	}
	w.group.Go(w.keepTime)
	for _, n := range w.nodes {
		w.group.Go(func() { w.watchHolder(n) })
	}
	w.begin()
	return nil
}

// watchHolder ends the run if a node's holder ends, as nobody but a stranger can bring about: the node's place
// in the network goes with it.
func (w *World) watchHolder(n *node) {
	end, err := w.engine.Wait(w.ctx, n.holder)
	if w.ctx.Err() == nil && err == nil {
		w.fail(fmt.Errorf("%s: the container that holds its network has ended, %s", n.name, end))
	}
}

// findImages finds the images of holders and nodes. That of the reference nodes is made if need be.
func (w *World) findImages() error {
	own, err := w.engine.Load(w.ctx, w.options.Program)
	if err != nil {
		return err
	}
	w.images = []engine.Image{own, own}
	if name := w.deployment.Image; name != "" {
		w.images[1], err = w.engine.Image(w.ctx, name)
	}
	return err
}

// build makes a node's containers and its place in the network.
func (w *World) build(n *node) error {
	if err := w.hold(n); err != nil {
		return err
	}
	c := w.deployment.Node(n.name, w.places)
	mounts, _ := n.disk.mounts()
	for i := range mounts {
		mounts[i].Path = c.Folder()
	}
	var err error
	n.container, err = w.engine.Create(w.ctx, engine.Spec{
		Name: n.name, Image: w.images[1].ID, Entrypoint: c.Entrypoint, Command: c.Command, User: c.User, Environment: c.Environment,
		Files: c.Files, Within: n.holder, Mounts: mounts, Memory: w.deployment.Memory,
	})
	if err != nil {
		return err
	}
	return n.disk.settle()
}

// hold makes the container that holds a node's network, and keeps a disk in memory.
func (w *World) hold(n *node) error {
	var err error
	hosts := map[string]netip.Addr{}
	for _, name := range w.places.Nodes {
		hosts[name] = w.places.Addresses[name]
	}
	_, holder := n.disk.mounts()
	n.holder, err = w.engine.Create(w.ctx, engine.Spec{
		Name: n.name + "-holder", Image: w.images[0].ID, Command: []string{"hold"}, Hosts: hosts, Mounts: holder,
	})
	if err != nil {
		return err
	}
	if err := w.engine.Start(w.ctx, n.holder); err != nil {
		return err
	}
	pid, err := w.engine.PID(w.ctx, n.holder)
	if err != nil {
		return err
	}
	if n.place, err = fabric.NamespaceOf(pid); err != nil {
		return err
	}
	return w.network.Attach(n.place, n.name, n.name, w.places.Addresses[n.name])
}

// await waits until a node serves.
func (w *World) await(n *node) error {
	limit := time.NewTimer(w.deployment.Boot)
	defer limit.Stop()
	beat := time.NewTicker(100 * time.Millisecond)
	defer beat.Stop()
	for {
		select {
		case <-n.ready:
			return nil
		case <-limit.C:
			return n.silent(fmt.Sprintf("does not serve after %s", w.deployment.Boot))
		case <-beat.C:
			if err := w.trouble(); err != nil {
				return err
			}
			if n.gone() {
				return n.silent("has ended at its start")
			}
		}
	}
}

// gone tells whether the process ended before it ever served.
func (n *node) gone() bool {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	return n.ends > 0
}

// silent is the error of a node that does not come up.
func (n *node) silent(what string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(n.world.ctx), attemptLimit)
	defer cancel()
	tail, err := n.world.engine.Tail(ctx, n.container, 12)
	if err != nil {
		return errors.Join(errors.New(what), err)
	}
	return fmt.Errorf("%s; the last lines of its log:\n%s", what, tail)
}

// remove takes away all of a node.
func (n *node) remove(ctx context.Context) error {
	var errs []error
	for _, id := range []engine.ID{n.container, n.holder} {
		if id != "" {
			errs = append(errs, n.world.engine.Remove(ctx, id))
		}
	}
	if n.disk != nil {
		errs = append(errs, n.disk.close())
	}
	if n.place != nil {
		errs = append(errs, n.place.Close())
	}
	return errors.Join(errs...)
}
