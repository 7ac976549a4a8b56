package cachedcp

import (
	"time"

	"cleave/systems/cpstore"
)

// Options are the store's, and the times of the caches. A zero Confirm takes its default; a zero Check is none.
type Options struct {
	Store   cpstore.Options
	Confirm time.Duration // for so long the store must list less than half before that is believed; default the session's time
	Check   time.Duration // between two questions to an instance whether it is there; 0 asks nobody
}

// missesAllowed is how many questions in a row an instance may leave unanswered.
const missesAllowed = 2

// retryWait is how long a cache waits after a refusal of the store before it asks again.
const retryWait = time.Second

// DefaultOptions are the CP store's, with a question to every listed instance each second.
func DefaultOptions() Options {
	return Options{Store: cpstore.DefaultOptions(), Check: time.Second}
}

func (o Options) withDefaults() Options {
	if o.Store.SessionTimeout == 0 {
		o.Store.SessionTimeout = cpstore.DefaultOptions().SessionTimeout
	}
	if o.Confirm == 0 {
		o.Confirm = o.Store.SessionTimeout
	}
	return o
}
