package apregistry

import "time"

// Options is every interval and size of the registry, server and client.
type Options struct {
	Profile          Profile       // the rules, where they are not intervals; see the table in doc.go
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
	ReadWriteExpiry       time.Duration // a list is made anew after this even if nothing changed
	DeltaRetention        time.Duration // for how long a delta tells of a change
	DeltaPurge            time.Duration // between two purges of older changes
	NoDelta               bool          // whether deltas are refused
	OverrideExpiry        time.Duration // an overridden status is forgotten when unused for this long
	MaxInstances          int           // more registrations are refused

	BatchSize       int           // most tasks in a batch to a peer
	BatchDelay      time.Duration // a batch that is not full waits this long
	QueueLength     int           // most tasks waiting for a peer; the oldest goes
	TaskExpiry      time.Duration // a cancel or status not delivered in this time is lost; register and heartbeat: RenewalInterval
	CongestionRetry time.Duration // wait after a peer was too slow or busy
	NetworkRetry    time.Duration // wait after a peer could not be reached
	NetworkTimeout  time.Duration // for a connection to a peer, and for its answer; real time, not scaled
	SyncTimeout     time.Duration // the same for a whole registry, which may be large

	SyncRetries       int           // tries to fetch the registry from a peer at boot; with no peers in Spring none
	SyncRetryWait     time.Duration // between two of them
	WaitWhenSyncEmpty time.Duration // a node that synced nobody refuses lists for this long
	SyncOnFirstBoot   bool          // whether the very first boot syncs, and waits, like every other

	// Of the plain profile alone:
	ExchangeInterval  time.Duration // between two exchanges with each peer of what either misses
	TombstoneExpiry   time.Duration // a cancel is remembered for this long
	PreservationLimit time.Duration // few missing are kept for this long while a peer does not answer, many by a node without peers

	FetchInterval  time.Duration // between two fetches of the client's own cache
	Quarantine     time.Duration // a client avoids a failed server for this long
	Attempts       int           // servers that a client tries for one request
	AttemptTimeout time.Duration // for one of them; real time, not scaled
	RequestTimeout time.Duration // for a whole request of a client; real time, not scaled
	// REST says that a client's messages go over Eureka's interface, which writes apps in upper case, stamps in
	// milliseconds, so that two clients may have the same, and ids in paths, where servers refuse some signs.
	REST bool
}

// ProfileOptions are a profile's own settings.
func ProfileOptions(profile Profile) Options {
	options := DefaultOptions()
	options.Profile = profile
	if profile == Spring {
		options.OpenForTrafficCount = 1
	}
	return options
}

// DefaultOptions are Eureka's own settings, as Netflix runs it.
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
		ReadWriteExpiry:       3 * time.Minute,
		DeltaRetention:        3 * time.Minute,
		DeltaPurge:            30 * time.Second,
		OverrideExpiry:        time.Hour,
		MaxInstances:          100_000,
		BatchSize:             250,
		BatchDelay:            500 * time.Millisecond,
		QueueLength:           10000,
		TaskExpiry:            30 * time.Second,
		CongestionRetry:       100 * time.Millisecond,
		NetworkRetry:          time.Second,
		NetworkTimeout:        200 * time.Millisecond,
		SyncTimeout:           200 * time.Millisecond, // 8 s on a real server
		SyncRetries:           5,
		SyncRetryWait:         30 * time.Second,
		WaitWhenSyncEmpty:     5 * time.Minute,
		ExchangeInterval:      30 * time.Second,
		TombstoneExpiry:       time.Hour,
		PreservationLimit:     15 * time.Minute,
		FetchInterval:         30 * time.Second,
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
		&o.ResponseCacheInterval, &o.ReadWriteExpiry, &o.DeltaRetention, &o.DeltaPurge, &o.OverrideExpiry, &o.TaskExpiry,
		&o.SyncRetryWait, &o.WaitWhenSyncEmpty, &o.ExchangeInterval, &o.TombstoneExpiry, &o.PreservationLimit,
		&o.FetchInterval, &o.Quarantine} {
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
	forget := o.ghost() - o.ResponseCacheInterval + 3*o.RenewalInterval
	return max(forget, o.boot()) + o.ResponseCacheInterval + o.BatchDelay + 2*o.NetworkTimeout
}

// ghost is how long an instance that died may go on being listed by servers and clients that evict, once
// every peer answers.
func (o Options) ghost() time.Duration {
	listed := o.EvictionInterval + o.ResponseCacheInterval + o.FetchInterval
	if o.Profile == Plain {
		return o.LeaseDuration + o.PreservationLimit + o.ExchangeInterval + o.EvictionInterval + listed
	}
	return 2*o.LeaseDuration + listed
}

// notice is how long a change may take, when nothing is in its way, until every list and cache shows it. A
// registration that a peer has missed comes with the next heartbeat.
func (o Options) notice() time.Duration {
	return o.RenewalInterval + o.BatchDelay + o.NetworkTimeout + o.NetworkRetry + o.ResponseCacheInterval + o.FetchInterval + o.RequestTimeout
}

// boot is how long a node that finds no peer to sync from may refuse to serve. Every try may wait for
// the network once for each peer; five nodes are reckoned with.
func (o Options) boot() time.Duration {
	const peers = 4
	tries := time.Duration(max(o.SyncRetries-1, 0))*o.SyncRetryWait + time.Duration(o.SyncRetries*peers)*o.SyncTimeout
	return tries + o.WaitWhenSyncEmpty
}
