package cpstore

import "time"

// Own are settings that ZooKeeper has no key for, or derives from others. 0 leaves what Config.Options
// makes of the rest.
type Own struct {
	Heartbeat       time.Duration // cleave.heartbeat, as all but the last in milliseconds: Options.Tick
	ElectionTimeout time.Duration // cleave.electionTimeout: Options.ElectionBase
	BootPatience    time.Duration // cleave.bootPatience
	SyncTimeout     time.Duration // cleave.syncTimeout: Options.SyncLimit
	RequestTimeout  time.Duration // cleave.requestTimeout
	Retain          int           // cleave.retain: snapshots kept
}

// take takes a key that is one of them, and tells whether it is.
func (o *Own) take(key, value string) (known bool, err error) {
	var into *time.Duration
	switch key {
	case "cleave.heartbeat":
		into = &o.Heartbeat
	case "cleave.electionTimeout":
		into = &o.ElectionTimeout
	case "cleave.bootPatience":
		into = &o.BootPatience
	case "cleave.syncTimeout":
		into = &o.SyncTimeout
	case "cleave.requestTimeout":
		into = &o.RequestTimeout
	case "cleave.retain":
		return true, parseInteger(value, 1, mostNumber, &o.Retain)
	default:
		return false, nil
	}
	return true, parseMilliseconds(value, 1, into)
}

// apply puts what is set in the place of what was derived.
func (o *Own) apply(options *Options) {
	set := func(from time.Duration, into *time.Duration) {
		if from != 0 {
			*into = from
		}
	}
	set(o.Heartbeat, &options.Tick)
	set(o.ElectionTimeout, &options.ElectionBase)
	set(o.BootPatience, &options.BootPatience)
	set(o.SyncTimeout, &options.SyncLimit)
	set(o.RequestTimeout, &options.RequestTimeout)
	if o.Retain != 0 {
		options.Retain = o.Retain
	}
}
