package zookeeper

import (
	"cmp"
	"time"

	"cleave/systems/zkclient"
)

// Options are a client's times, those of zkclient. A zero field takes its default, which is the same but for
// Settle: a server takes longer to boot.
type Options = zkclient.Options

// DefaultOptions are what zero fields mean.
func DefaultOptions() Options {
	options := zkclient.DefaultOptions()
	options.Settle = boot
	return options
}

func withDefaults(o Options) Options {
	defaults := DefaultOptions()
	return Options{SessionTimeout: cmp.Or(o.SessionTimeout, defaults.SessionTimeout), RequestTimeout: cmp.Or(o.RequestTimeout, defaults.RequestTimeout),
		ConnectLimit: cmp.Or(o.ConnectLimit, defaults.ConnectLimit), Settle: cmp.Or(o.Settle, defaults.Settle)}
}

// silence is how long a server may say nothing before it is left: go-zookeeper's own limit.
func silence(o Options) time.Duration { return o.SessionTimeout * 2 / 3 }
