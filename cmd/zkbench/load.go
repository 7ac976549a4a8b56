package main

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"cleave/systems/zkwire"
)

// load is what all clients do.
type load string

const (
	loadSet    load = "set"
	loadGet    load = "get"
	loadCreate load = "create"
)

// figures are what came out: requests a second, latencies in milliseconds.
type figures struct{ rate, median, late float64 }

var everybody = []zkwire.ACL{{Perms: zkwire.PermAll, Identity: zkwire.Identity{Scheme: "world", ID: "anyone"}}}

// creations numbers the parents of created nodes, so that no two measurements share one.
var creations atomic.Int64

// drive has a number of clients do one thing for a time.
func drive(addresses []string, what load, clients int, lasts time.Duration) (figures, error) {
	data := make([]byte, 1024)
	parent := fmt.Sprintf("/bench-%d", creations.Add(1))
	connections := make([]*client, clients)
	for i := range connections {
		c, err := dial(addresses[i%len(addresses)])
		if err != nil {
			return figures{}, err
		}
		defer c.close()
		connections[i] = c
	}
	if err := prepare(connections, parent, what, data); err != nil {
		return figures{}, err
	}
	var group sync.WaitGroup
	results := make([][]time.Duration, clients)
	failures := make([]error, clients)
	start := time.Now()
	for i, c := range connections {
		group.Go(func() { results[i], failures[i] = c.work(what, parent, i, data, start.Add(lasts)) })
	}
	group.Wait()
	took := time.Since(start)
	var all []time.Duration
	for i := range results {
		if failures[i] != nil {
			return figures{}, failures[i]
		}
		all = append(all, results[i]...)
	}
	slices.Sort(all)
	milliseconds := func(share int) float64 {
		return float64(all[min(len(all)*share/100, len(all)-1)].Microseconds()) / 1000
	}
	return figures{rate: float64(len(all)) / took.Seconds(), median: milliseconds(50), late: milliseconds(99)}, nil
}

// prepare makes what the clients need, and brings every client's server up to date.
func prepare(connections []*client, parent string, what load, data []byte) error {
	if code, err := connections[0].ask(zkwire.Request{Op: zkwire.OpCreate, Path: parent, ACL: everybody}); err != nil || code != zkwire.OK {
		return fmt.Errorf("create %s: %v, %v", parent, code, err)
	}
	for i, c := range connections {
		if _, err := c.ask(zkwire.Request{Op: zkwire.OpSync, Path: parent}); err != nil {
			return err
		}
		if what == loadCreate {
			continue
		}
		if code, err := c.ask(zkwire.Request{Op: zkwire.OpCreate, Path: path(parent, i), Data: data, ACL: everybody}); err != nil || code != zkwire.OK {
			return fmt.Errorf("create: %v, %v", code, err)
		}
	}
	return nil
}

func path(parent string, client int) string { return fmt.Sprintf("%s/client-%d", parent, client) }

// work asks one request after the other and gives their latencies.
func (c *client) work(what load, parent string, number int, data []byte, until time.Time) (latencies []time.Duration, err error) {
	own := path(parent, number)
	for count := 0; ; count++ {
		q := zkwire.Request{Op: zkwire.OpGetData, Path: own}
		switch what {
		case loadSet:
			q = zkwire.Request{Op: zkwire.OpSetData, Path: own, Data: data, Version: -1}
		case loadCreate:
			q = zkwire.Request{Op: zkwire.OpCreate, Path: fmt.Sprintf("%s-%d", own, count), Data: data, ACL: everybody}
		}
		asked := time.Now()
		code, err := c.ask(q)
		answered := time.Now()
		if err != nil || code != zkwire.OK {
			return nil, fmt.Errorf("%s: %v, %v", what, code, err)
		}
		latencies = append(latencies, answered.Sub(asked))
		if answered.After(until) {
			return latencies, nil
		}
	}
}
