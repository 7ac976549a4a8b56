package apregistry

import (
	"slices"
	"time"
)

// Address is a server that a client may ask.
type Address struct {
	Name string // as the client dials it
	Zone string // where it runs, "" if that does not matter
}

// ClientOptions say whom a client asks, and when. Times are Eureka's, where it has them.
type ClientOptions struct {
	Servers []Address // in the order in which they are preferred, but for the zones
	Zone    string    // the client's own: servers there come first
	// Milliseconds has its stamps be whole milliseconds, as they are when they go over REST. Otherwise their
	// lowest bits tell clients apart.
	Milliseconds bool

	HeartbeatInterval time.Duration // between two heartbeats of an instance
	FetchInterval     time.Duration // between two fetches of the cache
	InfoDelay         time.Duration // until changes of instances are first sent to a server
	InfoInterval      time.Duration // between two times after that
	BackOff           int           // heartbeats and fetches that take too long become rarer, up to so many intervals

	Attempts       int           // servers tried for one request
	AttemptTimeout time.Duration // for one of them
	Quarantine     time.Duration // a failed server is avoided for this long

	WholeFetches bool // every fetch asks for the whole registry, never for what changed
	KeepNonEmpty bool // an empty list does not replace one that is not: what Eureka does not do
	CacheFile    bool // keeps the cache in a file on the disk, and begins with what is there
	// Listed hears of every list that a server or the file gave; nil does not.
	Listed func(Listing)
	Bug    string // the planted bug, "" for none
}

// DefaultClientOptions are those of Eureka's Java client.
func DefaultClientOptions(servers ...Address) ClientOptions {
	return ClientOptions{
		Servers:           servers,
		HeartbeatInterval: 30 * time.Second,
		FetchInterval:     30 * time.Second,
		InfoDelay:         40 * time.Second,
		InfoInterval:      30 * time.Second,
		BackOff:           10,
		Attempts:          3,
		AttemptTimeout:    8 * time.Second,
		Quarantine:        60 * time.Second,
	}
}

// byZone gives the servers in the order in which they are asked: those of the client's zone first.
func (o *ClientOptions) byZone() []Address {
	ordered := slices.Clone(o.Servers)
	if o.Zone != "" {
		slices.SortStableFunc(ordered, func(a, b Address) int { return o.distance(a) - o.distance(b) })
	}
	return ordered
}

func (o *ClientOptions) distance(server Address) int {
	if server.Zone == o.Zone {
		return 0
	}
	return 1
}

// client gives what a client beside a node does with a registry's options: it asks that node first, then
// the others around the ring.
func (o Options) client(host string, nodes []string, bug string) ClientOptions {
	first := max(slices.Index(nodes, host), 0)
	options := DefaultClientOptions()
	for i := range nodes {
		options.Servers = append(options.Servers, Address{Name: nodes[(first+i)%len(nodes)]})
	}
	options.HeartbeatInterval, options.FetchInterval = o.RenewalInterval, o.FetchInterval
	options.InfoDelay, options.InfoInterval = o.RenewalInterval*4/3, o.RenewalInterval
	options.Attempts, options.AttemptTimeout, options.Quarantine = o.Attempts, o.AttemptTimeout, o.Quarantine
	options.WholeFetches, options.KeepNonEmpty = o.Profile == Plain, o.Profile == Plain
	options.Milliseconds = o.REST
	options.Bug = bug
	return options
}
