package maelstrom

import (
	"slices"
	"time"

	"cleave/world"
)

// Options say what is put under test, and how.
type Options struct {
	Program  Program
	Workload string
	Topology Topology // of the workload broadcast
	// Timeout is how long a client waits for an answer; 0 is DefaultTimeout.
	Timeout time.Duration
	// LogSent and LogReceived have a node's log show its messages.
	LogSent, LogReceived bool
}

// DefaultTimeout is how long a client waits for an answer when nobody says otherwise.
const DefaultTimeout = time.Second

// Workloads are the names of the workloads that clients can carry, which are Maelstrom's.
func Workloads() []string {
	all := []string{"broadcast", "echo", "g-counter", "g-set", "kafka", "lin-kv", "pn-counter", "txn-list-append", "txn-rw-register", "unique-ids"}
	return slices.DeleteFunc(all, func(name string) bool { return dialectOf(name) == nil })
}

// Equip gives a system its nodes, clients and services.
func Equip(system world.System, options Options) world.System {
	if options.Topology == "" {
		options.Topology = DefaultTopology
	}
	if options.Timeout == 0 {
		options.Timeout = DefaultTimeout
	}
	system.Node = func(name string, cluster world.Cluster) world.Process { return newNode(name, cluster, &options) }
	system.Client = func(name, host string, cluster world.Cluster) world.Client {
		return newClient(name, host, cluster.Nodes, options.Timeout, dialectOf(options.Workload)())
	}
	system.Services = services
	system.Types = types
	return system
}

// types is what a message carries: its type, if its body has one.
func types(message world.Message) []string {
	m, err := ParseMessage(message.Payload)
	if err != nil {
		return nil
	}
	h, err := headerOf(m.Body)
	if err != nil {
		return []string{"message"}
	}
	return []string{h.Type}
}
