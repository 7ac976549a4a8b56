package main

import (
	"context"
	"net"
	"strconv"
	"time"

	"cleave/world"
	"cleave/world/host"
)

// Where things are in a node's container.
const (
	settings     = "/etc/cleave/"
	rollFile     = settings + "roll.json"
	adminAddress = "127.0.0.1:7979"
	bootLimit    = 10 * time.Second
)

// serverCommand starts one of our own nodes, which has rollOf among its files.
func serverCommand(system, file, bug string) []string {
	command := []string{"node", "--system", system, "--config", file, "--roll", rollFile, "--admin", adminAddress}
	if bug != "" {
		command = append(command, "--bug", bug)
	}
	return command
}

// rollOf says who is to be a member when one of our own nodes starts.
func rollOf(places world.Places) world.File {
	return world.File{Path: rollFile, Content: host.EncodeRoll(places.Roll)}
}

// monitor follows one of our own nodes.
func monitor(ctx context.Context, _ string, dial world.Dial, watcher world.Watcher) {
	host.Follow(ctx, dial, adminAddress, watcher)
}

// setClock puts the clock of one of our own nodes off.
func setClock(ctx context.Context, dial world.Dial, offset time.Duration) error {
	return host.SetClock(ctx, dial, adminAddress, offset, 0)
}

// enlist tells one of our own nodes who is to be a member.
func enlist(ctx context.Context, dial world.Dial, roll world.Roll) error {
	return host.Enlist(ctx, dial, adminAddress, roll)
}

// at is a port of a node or client.
func at(places world.Places, name string, port int) string {
	return net.JoinHostPort(places.Addresses[name].String(), strconv.Itoa(port))
}

// userOptions are what runs a client of a system's in its place, but for what it speaks.
func userOptions(name string, client world.Client, edge world.Edge) host.Options {
	return host.Options{Name: name, Process: client, Dial: edge.Dial, Clock: edge.Now, Notes: edge.Note, Log: edge.Log, Seed: edge.Seed}
}

// wireUser runs a client that speaks ZooKeeper's protocol to a port of each node.
func wireUser(name string, client world.Client, places world.Places, port int, edge world.Edge) (world.User, error) {
	return host.NewUser(wireOptions(name, client, places, port, edge))
}

func wireOptions(name string, client world.Client, places world.Places, port int, edge world.Edge) host.Options {
	options := userOptions(name, client, edge)
	options.Bare, options.Peers = true, map[string]string{}
	for _, node := range places.Nodes {
		options.Peers[node] = at(places, node, port)
	}
	return options
}
