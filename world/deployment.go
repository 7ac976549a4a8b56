package world

import (
	"cmp"
	"context"
	"io"
	"net"
	"net/netip"
	"time"

	"cleave/history"
)

// Deployment is what a system gives a world of containers: how its nodes run there, and how clients
// reach them. A System without one runs in simulation alone.
type Deployment struct {
	// Image is that of the nodes' containers; "" is the one that is made from the running program.
	Image string
	// Version says what the image holds, for people, e.g. "ZooKeeper 3.8.0".
	Version string
	// Boot is how long a node may take until it serves after the start of its container.
	Boot time.Duration
	// Memory bounds a node's container, in bytes; 0 does not.
	Memory int64
	// Node says how a node is started. Before a restart it is called again for the files, if Places.Roll has changed.
	Node func(name string, places Places) Container
	// User makes a client that lives beside a node. It does not wait for the network.
	User func(name, host string, places Places, edge Edge) (User, error)
	// Monitor follows a node, from when its container starts until the context ends, and tells watcher
	// what it learns. It reaches the node's loopback address with dial, which no fault disturbs.
	Monitor func(ctx context.Context, node string, dial Dial, watcher Watcher)
	// Clock sets how far a node's wall clock is off from now on. nil: its clock cannot be moved.
	Clock func(ctx context.Context, dial Dial, offset time.Duration) error
	// Enlist tells a node who is to be a member from now on, until its next start: then it is to know the Roll that
	// Node was given. nil: the members stay those of the beginning.
	Enlist func(ctx context.Context, dial Dial, roll Roll) error
}

// DataFolder is where a node's container has its disk, which outlives it. All else is lost at its end.
const DataFolder = "/data"

// Places are the nodes and clients of one run and their addresses.
type Places struct {
	Cluster
	Addresses map[string]netip.Addr // of nodes and clients, by name
	Seed      uint64
}

// Container is how a node's container starts.
type Container struct {
	Entrypoint  []string // what runs, instead of the image's entry point; none for the image's own
	Command     []string // what follows the entry point, in our own image cleave itself; none for the image's own
	User        string   // who it runs as, such as "0"; "" for the image's own
	Data        string   // where it has its disk; "" for DataFolder
	Environment []string // "NAME=value"
	Files       []File   // written before the start; those on its disk before its first start, and when the disk was lost, only
}

// Folder is where it has its disk.
func (c Container) Folder() string { return cmp.Or(c.Data, DataFolder) }

// File is a file in a container, to be read by everybody.
type File struct {
	Path    string
	Content []byte
}

// Dial connects as net.Dialer.DialContext does, from a place of its own. The address must be numeric.
type Dial func(ctx context.Context, network, address string) (net.Conn, error)

// Edge is what a client over real sockets has of its world. Its functions may be called from any
// goroutine.
type Edge struct {
	Dial Dial // from the client's own address, through the network under test
	// Enter does something in the client's place in the network: a process that it starts is there too. nil where
	// there are no such places.
	Enter func(action func() error) error
	Now   func() time.Duration      // the client's wall clock, which a fault may move, since 1970
	Note  func(kind, detail string) // as Environment.Note
	Log   io.Writer                 // takes lines of text
	Seed  uint64                    // of what it draws
}

// User is a client over real sockets.
type User interface {
	// Invoke starts a request. It never blocks and calls done exactly once, on any goroutine. One request
	// is under way at a time. Every request ends by itself within the client's timeout.
	Invoke(request history.Request, done func(history.Completion))
	// Close ends the client, at once.
	Close() error
}

// Watcher hears what is learned of a node from outside. Its methods may be called from any goroutine.
type Watcher interface {
	// Ready says that the node serves, or would if it had a quorum.
	Ready()
	// Note records something worth seeing in the history, as Environment.Note does.
	Note(kind, detail string)
	// Leads says whether the node leads, and in which term.
	Leads(term uint64, leading bool)
}
