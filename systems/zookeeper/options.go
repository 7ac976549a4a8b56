package zookeeper

import "time"

// Options are a client's times. A zero field takes its default.
type Options struct {
	SessionTimeout time.Duration // what it asks the server for; default 4 s
	RequestTimeout time.Duration // a request is given up after this; default 2 s
	ConnectLimit   time.Duration // a server that has not taken connection and session by then is left for the next; default 1 s
	Settle         time.Duration // for so long after its start it tries its host's server only, as the first leader is elected; default Boot
}

// DefaultOptions are what zero fields mean.
func DefaultOptions() Options {
	return Options{
		SessionTimeout: 4 * time.Second,
		RequestTimeout: 2 * time.Second,
		ConnectLimit:   time.Second,
		Settle:         boot,
	}
}

func (o Options) withDefaults() Options {
	defaults := DefaultOptions()
	orDefault(&o.SessionTimeout, defaults.SessionTimeout)
	orDefault(&o.RequestTimeout, defaults.RequestTimeout)
	orDefault(&o.ConnectLimit, defaults.ConnectLimit)
	orDefault(&o.Settle, defaults.Settle)
	return o
}

func orDefault(value *time.Duration, fallback time.Duration) {
	if *value == 0 {
		*value = fallback
	}
}

// silence is how long a server may say nothing before it is left: go-zookeeper's own limit.
func (o Options) silence() time.Duration { return o.SessionTimeout * 2 / 3 }
