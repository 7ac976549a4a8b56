package host

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"cleave/world"
)

// Options say what runs, and where. Name and Process must be given; a zero field takes its default.
type Options struct {
	Name    string // of the process, e.g. "n1"
	Process world.Process

	// Peers are the addresses of the nodes, "host:port" by name; the process's own may be among them.
	Peers map[string]string
	// PeerListen is where other nodes connect; "" is nowhere.
	PeerListen string
	// Cluster is a text that all nodes must have in common, besides the names of Peers.
	Cluster string
	// ClientListen is where clients connect; it may be nowhere, and more than one place.
	ClientListen []string

	// HTTP has clients and peers met over HTTP, besides or in place of the above; nil does not.
	HTTP *HTTP

	// Dial connects to nodes, over HTTP too; nil dials from this machine. Without HTTP it must give a
	// *net.TCPConn.
	Dial world.Dial
	// Bare has what is dialled carry messages from the first byte on, with no hello before them: so does a
	// client of the nodes.
	Bare bool
	// Clock is the wall clock, as the time since 1970; nil is the machine's. Any goroutine may ask it.
	Clock func() time.Duration
	// Admin is where the process is watched and its clock is set from outside, see Follow and SetClock; ""
	// is nowhere. Nobody is asked who he is: it should be a loopback address.
	Admin string

	// MaxFrame is the longest message of a client, in bytes: ZooKeeper's jute.maxbuffer, default 1048575.
	MaxFrame int
	// MaxClientConnections bounds the clients' connections from one address; 0 is no bound.
	MaxClientConnections int
	// Words has a client's first four bytes, if they are lower-case letters, taken as a four-letter word of
	// ZooKeeper's. The process receives them as a message, and all that it sends on that connection goes
	// out as it is, with no length before it.
	Words bool
	// Patience is how long a client may take to send its first message, default 10 s.
	Patience time.Duration
	// ClientQueue bounds the bytes that wait for a client that does not read, default 32 MiB. A message that
	// finds more waiting ends the connection.
	ClientQueue int
	// PeerQueue is the same for a node, default 3 GiB.
	PeerQueue int

	// DataDir is the folder of the process's files. It is made if need be, and locked: two processes
	// never share it. "" is no disk.
	DataDir string
	// LogDir is the folder of those files whose names begin with "log" or "wal"; "" is DataDir.
	LogDir string
	// Identity is a text that the folders are marked with at the first start, and that must be the same at
	// every later one. It keeps one server from starting on the data of another.
	Identity string
	// SkipSync leaves out what makes writes durable. A crash of the machine then loses what was
	// acknowledged; one of the process does not.
	SkipSync bool

	// Log takes lines of text, nil none. A writer that blocks does not block the process: lines are left
	// out then, and counted.
	Log io.Writer
	// Notes hears the process's notes, on its goroutine; nil does not.
	Notes func(kind, detail string)
	// Calls are actions of other goroutines, for that of the process: each is done there between two events,
	// but for those that are taken when the host ends. nil gives none.
	Calls <-chan func()
	// Ready is called once the process has started and connections are taken.
	Ready func(Addresses)
	// Seed is of the process's random stream; 0 has the operating system choose.
	Seed uint64
	// StopLimit is how long what is queued may take to go out at the end, default 2 s.
	StopLimit time.Duration
}

// Addresses are where a host listens: what Options ask for, with the ports that were chosen for port 0.
type Addresses struct {
	Clients []string
	Peers   string // "" if nowhere
	HTTP    []string
	Admin   string // "" if nowhere
}

// What zero fields mean, and what cannot be chosen.
const (
	defaultMaxFrame    = 0xfffff
	defaultPatience    = 10 * time.Second
	defaultClientQueue = 32 << 20
	defaultPeerQueue   = 3 << 30 // more than a snapshot
	defaultStopLimit   = 2 * time.Second

	maxPeerFrame = 1<<31 - 1        // a snapshot is one message
	inFlight     = 1 << 20          // bytes read of one connection that the process has not seen yet
	dialLimit    = 5 * time.Second  // to connect to a node
	helloLimit   = 5 * time.Second  // until both nodes have said who they are
	linger       = 5 * time.Second  // after Close, for what was sent to arrive
	userTimeout  = 15 * time.Second // a node that acknowledges nothing for so long is given up, as in world/sim
	acceptPause  = 50 * time.Millisecond
	complainWait = time.Minute // between two lines on the same trouble
)

// ErrOptions is wrapped by errors in Options.
var ErrOptions = errors.New("host: options")

func (o Options) withDefaults() (Options, error) {
	if o.Name == "" || o.Process == nil {
		return o, fmt.Errorf("%w: a process and its name are needed", ErrOptions)
	}
	for name := range o.Peers {
		if name == "" || len(name) > maxName || strings.ContainsAny(name, ": \t\n") {
			return o, fmt.Errorf("%w: %q cannot be the name of a node", ErrOptions, name)
		}
	}
	web, err := o.HTTP.withDefaults()
	if err != nil {
		return o, err
	}
	o.HTTP = web
	orDefault(&o.MaxFrame, defaultMaxFrame)
	orDefault(&o.Patience, defaultPatience)
	orDefault(&o.ClientQueue, defaultClientQueue)
	orDefault(&o.PeerQueue, defaultPeerQueue)
	orDefault(&o.StopLimit, defaultStopLimit)
	orDefault(&o.LogDir, o.DataDir)
	if o.Dial == nil {
		o.Dial = new(net.Dialer).DialContext
	}
	if o.Clock == nil {
		o.Clock = machineClock
	}
	if o.Seed == 0 {
		var seed [8]byte
		_, _ = rand.Read(seed[:]) // never fails
		o.Seed = binary.LittleEndian.Uint64(seed[:])
	}
	return o, nil
}

func orDefault[T comparable](value *T, fallback T) {
	var zero T
	if *value == zero {
		*value = fallback
	}
}
