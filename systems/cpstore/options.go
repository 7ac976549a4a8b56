package cpstore

import (
	"time"

	"cleave/systems/zkclient"
	"cleave/world"
)

// Options are the store's times, sizes and switches. A zero field takes its default.
type Options struct {
	Tick           time.Duration // between a leader's heartbeats, and its looks at the sessions; default 100 ms
	ElectionBase   time.Duration // a leader unheard of for this long is given up; default 1 s
	BootPatience   time.Duration // a node that starts gives others this long to show a leader; default ElectionBase
	SyncLimit      time.Duration // a follower that has not heard its leader for this long stops serving; default 1.5 s
	RequestTimeout time.Duration // a node gives a request up after this, and its client; a client too; default 2 s
	SnapshotEvery  uint64        // entries applied between snapshots; default 100, which is little, so that a simulation sees many
	SnapshotBytes  uint64        // bytes logged between snapshots; 0 for any number
	Retain         int           // snapshots kept, with the log since the oldest; default 1

	SessionTimeout    time.Duration // a session unheard of for this long expires; what a simulated client asks for; default 4 s
	MinSessionTimeout time.Duration // what a client gets that wants less; default half of SessionTimeout
	MaxSessionTimeout time.Duration // or more; default five times SessionTimeout
	CleanEvery        time.Duration // between a leader's looks for empty containers and outlived nodes; default 60 s

	StrictSync    bool     // a sync asks a quorum; ZooKeeper's trusts the leader
	ReadOnlyMode  bool     // a node without a quorum lets clients read
	ExtendedTypes bool     // nodes with a time to live may be made
	SkipACL       bool     // access lists are not looked at
	Super         string   // the digest identity "name:hash" that may do anything, "" for nobody
	Words         []string // the four-letter words that are answered besides srvr; "*" for all
	Membership    []byte   // what /zookeeper/config says
	Configuration string   // what the word conf says
}

// DefaultOptions are what zero fields mean.
func DefaultOptions() Options {
	return Options{
		Tick:              100 * time.Millisecond,
		ElectionBase:      time.Second,
		SyncLimit:         1500 * time.Millisecond,
		RequestTimeout:    2 * time.Second,
		SnapshotEvery:     100,
		Retain:            1,
		SessionTimeout:    4 * time.Second,
		MinSessionTimeout: 2 * time.Second,
		MaxSessionTimeout: 20 * time.Second,
		CleanEvery:        time.Minute,
	}
}

func (o Options) withDefaults() Options {
	defaults := DefaultOptions()
	orDefault(&o.Tick, defaults.Tick)
	orDefault(&o.ElectionBase, defaults.ElectionBase)
	orDefault(&o.BootPatience, o.ElectionBase)
	orDefault(&o.SyncLimit, defaults.SyncLimit)
	orDefault(&o.RequestTimeout, defaults.RequestTimeout)
	orDefault(&o.SnapshotEvery, defaults.SnapshotEvery)
	orDefault(&o.Retain, defaults.Retain)
	orDefault(&o.SessionTimeout, defaults.SessionTimeout)
	orDefault(&o.MinSessionTimeout, o.SessionTimeout/2)
	orDefault(&o.MaxSessionTimeout, 5*o.SessionTimeout)
	orDefault(&o.CleanEvery, defaults.CleanEvery)
	return o
}

func orDefault[T comparable](value *T, fallback T) {
	var zero T
	if *value == zero {
		*value = fallback
	}
}

// readOnlyAfter is how long a node is without a quorum before it lets readers in: as in ZooKeeper, two
// seconds, or a tick if that is longer.
func (o Options) readOnlyAfter() time.Duration { return max(2*time.Second, o.Tick) }

// segmentLimit is the size in bytes that a segment of the log has at least before the next is begun: less where
// snapshots come often.
func (o Options) segmentLimit() int { return int(min(segmentLimit, segmentLimit/50*o.SnapshotEvery)) }

// electionTicks is the base timeout in ticks; raft wants it above one heartbeat.
func (o Options) electionTicks() int { return max(int(o.ElectionBase/o.Tick), 2) }

// Wait times that follow from nothing but taste.
const (
	dialLimit    = time.Second            // a connection that does not open by then is dialled anew
	redialWait   = 100 * time.Millisecond // between the end of a connection to a peer and the next try
	reproposal   = 300 * time.Millisecond // BugDoubleApply's patience
	lazySync     = time.Second            // BugAckBeforeSync's
	snapshotWait = time.Second            // a leader asks a follower again that does not answer a snapshot,
	snapshotRate = 16 << 20               // and waits a second longer for each so many bytes of it
	expiryWait   = time.Second            // and proposes an expiry again that has not come through
	lateEvent    = 200 * time.Millisecond // BugLateEvents'
)

// System is the store as a system under test.
func System(options Options) world.System {
	options = options.withDefaults()
	return world.System{
		Name:      "cpstore",
		Summary:   "ZooKeeper's data model on raft: linearizable writes, sequential local reads, sessions and ephemeral nodes",
		Guarantee: "CP",
		// A leader may take two election times to step down or be replaced, a client 2/3 of its session's
		// time to leave a silent server and a request's to find another.
		Grace:  4*options.ElectionBase + options.SessionTimeout,
		Delay:  options.ElectionBase / 4,   // a vote takes four of them, and a commit that a client waits for as many
		Ghost:  2 * options.SessionTimeout, // a new leader gives every session its full time again
		Quorum: func(nodes int) int { return nodes/2 + 1 },
		Types:  typesOf,
		Node: func(name string, cluster world.Cluster) world.Process {
			return newNode(options, name, cluster)
		},
		Client: func(name, host string, cluster world.Cluster) world.Client {
			return zkclient.New(ClientOptions(options), host, cluster.Nodes)
		},
		Enlists:   true,
		Recovery:  10 * time.Second,
		Workloads: []string{"register", "discovery", "watches", "sessions", "sequences", "multi"},
		Bugs:      bugs(),
	}
}

// ClientOptions are the times of the store's clients, which follow from its own.
func ClientOptions(options Options) zkclient.Options {
	options = options.withDefaults()
	return zkclient.Options{SessionTimeout: options.SessionTimeout, RequestTimeout: options.RequestTimeout}
}
