package docker

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"cleave/history"
	"cleave/internal/rng"
	"cleave/world"
	"cleave/world/docker/fabric"
)

// user is a client, in the harness's own process but with a place of its own in the network.
type user struct {
	name, host string
	place      *fabric.Namespace
	client     world.User
	offset     atomic.Int64 // of its wall clock, in nanoseconds
}

// addUser gives a client its place, and starts it.
func (w *World) addUser(at history.Placement) error {
	u := &user{name: at.Client, host: at.Host}
	place, err := fabric.NewNamespace()
	if err != nil {
		return err
	}
	u.place = place
	w.users = append(w.users, u)
	if err := w.network.Attach(place, u.name, u.host, w.places.Addresses[u.name]); err != nil {
		return err
	}
	edge := world.Edge{
		Dial:  place.Dial,
		Enter: place.Do,
		Now:   func() time.Duration { return time.Duration(time.Now().UnixNano() + u.offset.Load()) },
		Note:  func(kind, detail string) { w.note(u.name, kind, detail) },
		Log:   &shared{out: w.options.Log(u.name)},
		Seed:  rng.Mix(w.options.Seed, rng.Text(u.name)),
	}
	u.client, err = w.deployment.User(u.name, u.host, w.places, edge)
	if err != nil {
		return fmt.Errorf("%s: %w", u.name, err)
	}
	return nil
}

// close ends a client and gives up its place.
func (u *user) close() error {
	var err error
	if u.client != nil {
		err = u.client.Close()
	}
	if u.place != nil {
		err = errors.Join(err, u.place.Close())
	}
	return err
}

// addresses gives every node and client one: 10.64.0.i for the i-th node, from 10.64.1.1 for clients.
func addresses(nodes []string, clients []history.Placement) map[string]netip.Addr {
	all := map[string]netip.Addr{}
	for i, node := range nodes {
		all[node] = netip.AddrFrom4([4]byte{10, 64, 0, byte(i + 1)})
	}
	for i, at := range clients {
		all[at.Client] = netip.AddrFrom4([4]byte{10, 64, 1, byte(i + 1)})
	}
	return all
}

// shared is a writer for many goroutines. What is written after its end is lost.
type shared struct {
	mutex sync.Mutex
	out   io.Writer
}

// Write writes whole lines.
func (s *shared) Write(text []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if !bytes.HasSuffix(text, []byte("\n")) {
		text = append(bytes.Clone(text), '\n')
	}
	_, _ = s.out.Write(text) // a log that cannot be written keeps nobody from working
	return len(text), nil
}
