package zookeeper

import (
	"time"

	"cleave/world"
)

// Version is a release of ZooKeeper that there is an image of.
type Version string

// The versions.
const (
	Current Version = "3.9"   // the latest release of that line, Apache's build
	Debian  Version = "3.8.0" // Debian 12's, with ZOOKEEPER-2623, 4466 and others that later releases mended
)

// Name is that of the system on the command line: "zookeeper", and with the version behind it for all
// but the current one.
func (v Version) Name() string {
	if v == Current {
		return "zookeeper"
	}
	return "zookeeper-" + string(v)
}

// Image is that of its containers. It has all jars in /opt/zookeeper/lib, a logging back end for slf4j
// among them, and java on its path.
func (v Version) Image() string { return "cleave/zookeeper:" + string(v) }

// The times of the ensemble, as zoo.cfg has them, and what follows from them.
const (
	tick      = 500 * time.Millisecond
	initTicks = 20 // for a follower to load what its leader sends it
	syncTicks = 4  // without a word, after which leader and follower leave each other

	// boot is what a Java machine with two processors for five such nodes takes at most until it serves:
	// 2 to 3 s for one node alone.
	boot = 15 * time.Second
	// stepDown is how long a leader or follower that is cut off goes on: a tick passes before it counts.
	stepDown = (syncTicks + 1) * tick
	// election is how long a new leader takes: the votes, which are sent again after a second at most,
	// and the followers' catching up.
	election = 3 * time.Second
)

// System is a real ZooKeeper of a version, in containers, with clients on go-zookeeper.
func System(version Version) world.System {
	options := DefaultOptions()
	return world.System{
		Name:      version.Name(),
		Summary:   "Apache ZooKeeper " + string(version) + " in containers, with clients on go-zookeeper: linearizable writes, sequential local reads",
		Guarantee: "CP",
		// Those who must choose a leader do so when they have missed the old one. A client leaves a silent
		// server after two thirds of its session's time, and tries others, of which a minority takes its
		// connection and no session; its request then takes its own time.
		Grace: stepDown + election + silence(options) + 2*options.ConnectLimit + options.RequestTimeout,
		// An election waits 200 ms for better votes; a new session takes six such ways in ConnectLimit.
		Delay: 100 * time.Millisecond,
		Boot:  boot,
		// A new leader gives every session its full time again, rounded up to a tick.
		Ghost:  stepDown + election + options.SessionTimeout + tick + options.RequestTimeout,
		Quorum: func(nodes int) int { return nodes/2 + 1 },
		// What was cut for long is found again when TCP next tries, see electionFlags.
		Recovery:   boot,
		Workloads:  []string{"register", "discovery", "watches", "sessions", "sequences", "multi"},
		Deployment: deployment(version),
	}
}

func deployment(version Version) *world.Deployment {
	return &world.Deployment{
		Image:   version.Image(),
		Version: "ZooKeeper " + string(version),
		Boot:    boot,
		Memory:  512 << 20, // twice the heap: the rest is Java's own
		Node:    container,
		User: func(name, host string, places world.Places, edge world.Edge) (world.User, error) {
			return NewUser(Options{}, name, host, places, edge)
		},
		Monitor: monitor,
	}
}
