package apregistry

import "time"

// Options is every interval and size of the registry, server and client.
type Options struct {
	RenewalInterval  time.Duration // between two heartbeats of an instance, and what servers expect
	LeaseDuration    time.Duration // a lease that was never renewed ends after this, a renewed one after twice this
	EvictionInterval time.Duration // between two runs of the eviction
	RenewsBucket     time.Duration // heartbeats are counted over this time ("renews last minute")
	RecountInterval  time.Duration // between two recounts of the expected clients
	RenewalPercent   int           // with fewer heartbeats than this share, nobody is evicted; of the rest, at most 100 minus this per run
	SelfPreservation bool          // whether missing heartbeats stop the eviction
	// OpenForTrafficCount is how many clients a node expects after a boot that synced nobody: 0 at
	// Netflix, 1 in Spring. At 0, registrations do not raise the number and nobody is evicted
	// before the first recount.
	OpenForTrafficCount int

	ResponseCacheInterval time.Duration // between two refreshes of what list reads see
	OverrideExpiry        time.Duration // an overridden status is forgotten when unused for this long

	BatchSize       int           // most tasks in a batch to a peer
	BatchDelay      time.Duration // a batch that is not full waits this long
	QueueLength     int           // most tasks waiting for a peer; the oldest goes
	TaskExpiry      time.Duration // a cancel or status not delivered in this time is lost; register and heartbeat: RenewalInterval
	CongestionRetry time.Duration // wait after a peer was too slow or busy
	NetworkRetry    time.Duration // wait after a peer could not be reached
	NetworkTimeout  time.Duration // for a connection to a peer, and for its answer; real time, not scaled

	SyncRetries       int           // tries to fetch the registry from a peer at boot
	SyncRetryWait     time.Duration // between two of them
	WaitWhenSyncEmpty time.Duration // a node that synced nobody refuses lists for this long
	SyncOnFirstBoot   bool          // whether the very first boot syncs, and waits, like every other

	FetchInterval  time.Duration // between two fetches of the client's own cache
	RegisterRetry  time.Duration // a client's wait before it registers again
	Quarantine     time.Duration // a client avoids a failed server for this long
	Attempts       int           // servers that a client tries for one request
	AttemptTimeout time.Duration // for one of them; real time, not scaled
	RequestTimeout time.Duration // for a whole request of a client; real time, not scaled
}

// DefaultOptions are Eureka's own settings.
func DefaultOptions() Options {
	return Options{
		RenewalInterval:       30 * time.Second,
		LeaseDuration:         90 * time.Second,
		EvictionInterval:      60 * time.Second,
		RenewsBucket:          60 * time.Second,
		RecountInterval:       15 * time.Minute,
		RenewalPercent:        85,
		SelfPreservation:      true,
		ResponseCacheInterval: 30 * time.Second,
		OverrideExpiry:        time.Hour,
		BatchSize:             250,
		BatchDelay:            500 * time.Millisecond,
		QueueLength:           10000,
		TaskExpiry:            30 * time.Second,
		CongestionRetry:       100 * time.Millisecond,
		NetworkRetry:          time.Second,
		NetworkTimeout:        200 * time.Millisecond,
		SyncRetries:           5,
		SyncRetryWait:         30 * time.Second,
		WaitWhenSyncEmpty:     5 * time.Minute,
		FetchInterval:         30 * time.Second,
		RegisterRetry:         10 * time.Second,
		Quarantine:            60 * time.Second,
		Attempts:              3,
		AttemptTimeout:        600 * time.Millisecond,
		RequestTimeout:        2 * time.Second,
	}
}

// shortestPause keeps scaled waits of the replication from becoming busy loops.
const shortestPause = 10 * time.Millisecond

// Scaled divides every interval by a divisor, which must be above 0, so that a short run shows what
// takes half an hour in production: at 30, a renewal of 30 s becomes 1 s. Time-outs of the network stay,
// because the network does not become faster; the pauses of the replication stay above 10 ms.
func (o Options) Scaled(divisor int) Options {
	if divisor <= 0 {
		panic("apregistry: Scaled needs a divisor above 0")
	}
	by := time.Duration(divisor)
	for _, interval := range []*time.Duration{&o.RenewalInterval, &o.LeaseDuration, &o.EvictionInterval, &o.RenewsBucket, &o.RecountInterval,
		&o.ResponseCacheInterval, &o.OverrideExpiry, &o.TaskExpiry, &o.SyncRetryWait, &o.WaitWhenSyncEmpty,
		&o.FetchInterval, &o.RegisterRetry, &o.Quarantine} {
		*interval = max(*interval/by, 1)
	}
	for _, pause := range []*time.Duration{&o.BatchDelay, &o.CongestionRetry, &o.NetworkRetry} {
		*pause = max(*pause/by, min(*pause, shortestPause))
	}
	return o
}

// recovery is how long after the last fault the registry may take to serve and agree again: the
// longer of a dead instance's way out of every cache, and of a whole cluster's boot from nothing.
func (o Options) recovery() time.Duration {
	forget := 2*o.LeaseDuration + o.EvictionInterval + 3*o.RenewalInterval + o.FetchInterval
	return max(forget, o.boot()) + o.ResponseCacheInterval + o.BatchDelay + 2*o.NetworkTimeout
}

// boot is how long a node that finds no peer to sync from may refuse to serve. Every try may wait for
// the network once for each peer; five nodes are reckoned with.
func (o Options) boot() time.Duration {
	const peers = 4
	tries := time.Duration(max(o.SyncRetries-1, 0))*o.SyncRetryWait + time.Duration(o.SyncRetries*peers)*o.NetworkTimeout
	return tries + o.WaitWhenSyncEmpty
}
