package eureka

import (
	"time"

	"cleave/systems/apregistry"
	"cleave/world"
)

const (
	// start is how long a server's Java takes until it listens; measured: 3 s alone on two cores, 9 s when
	// they are busy.
	start = 10 * time.Second
	// patience is how much longer a world waits for it: all nodes may start at once.
	patience = 50 * time.Second
	// memory is what a server's container may have: 256 MB of heap, and Java itself.
	memory = 768 << 20
	// firstFetch bounds a server's first fetch from its peers, which it waits for: three tries of a second.
	firstFetch = 3 * time.Second
)

// System is a real Eureka server with its times divided by a scale from 1 on. It runs in containers only.
// Its Deployment has no User: that is a client of apregistry with the Options given here, over HTTP to Base,
// every message through Leased.
func System(flavour Flavour, scale int) world.System {
	options := Options(flavour, scale)
	reference := apregistry.System(options) // the same rules, so the same times
	boot := start + firstFetch + time.Duration(options.SyncRetries-1)*options.SyncRetryWait + options.ResponseCacheInterval
	if flavour == Netflix {
		boot += options.WaitWhenSyncEmpty // Spring expects somebody, and gives lists at once
	}
	return world.System{
		Name:      flavour.String(),
		Summary:   flavour.summary(),
		Guarantee: reference.Guarantee,
		Grace:     reference.Grace,
		OnDemand:  reference.OnDemand,
		Delay:     reference.Delay,
		Boot:      boot,
		Ghost:     reference.Ghost,
		Notice:    reference.Notice,
		Quorum:    reference.Quorum,
		Recovery:  reference.Recovery + start + firstFetch,
		Workloads: []string{"discovery", "convergence", "self-preservation"},
		Deployment: &world.Deployment{
			Image:   flavour.image(),
			Version: flavour.version(),
			Boot:    boot + patience,
			Memory:  memory,
			Node: func(name string, places world.Places) world.Container {
				return container(flavour, name, places.Nodes, options)
			},
			Monitor: flavour.follow,
		},
	}
}

func (f Flavour) summary() string {
	if f == Netflix {
		return "the real Eureka, Netflix's own web application: every server serves alone, heartbeats converge"
	}
	return "the real Eureka as Spring Cloud makes it: every server serves alone, heartbeats converge"
}

// Options are the times of such a server, and of the clients that go with it, in the words of the AP
// registry that has the same rules. It panics if the scale is below 1.
func Options(flavour Flavour, scale int) apregistry.Options {
	options := apregistry.ProfileOptions(flavour.profile())
	fixed := options
	options = options.Scaled(scale)
	options.LeaseDuration = wholeSeconds(options.LeaseDuration)
	options.ReadWriteExpiry = wholeSeconds(options.ReadWriteExpiry)
	options.OverrideExpiry = fixed.OverrideExpiry
	options.BatchDelay, options.CongestionRetry, options.NetworkRetry = fixed.BatchDelay, fixed.CongestionRetry, fixed.NetworkRetry
	options.SyncOnFirstBoot = true
	return options
}

// wholeSeconds rounds up to what can be said in seconds.
func wholeSeconds(d time.Duration) time.Duration {
	return (d + time.Second - 1).Truncate(time.Second)
}
