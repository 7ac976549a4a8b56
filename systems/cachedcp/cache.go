package cachedcp

import (
	"fmt"
	"slices"
	"time"

	"cleave/history"
	"cleave/systems/zkclient"
	"cleave/systems/zkwire"
)

// errorNoList is the end of a lookup in a cache that never had a list.
const errorNoList = "no list yet"

// cache follows the lists of the services that it was ever asked for. It shares the session of its client, and
// implements zkclient.Application.
type cache struct {
	options Options
	bug     string
	session zkclient.Session
	health  *health
	feeds   []*feed // in order of the first question
}

// feed is the list of one service.
type feed struct {
	service  string
	known    bool
	list     []string      // the last good one, sorted
	stamp    time.Duration // when it was read, by the wall clock
	armed    bool          // a watch was armed at least once
	asking   bool          // the store was asked and has not answered
	again    bool          // and is to be asked once more
	emptied  bool          // the store lists nobody, which is not believed
	doubtful bool          // it lists too few
	doubted  time.Duration // since when, on the monotonic clock
}

// feed is that of a service, followed from now on.
func (c *cache) feed(service string) *feed {
	at := slices.IndexFunc(c.feeds, func(f *feed) bool { return f.service == service })
	if at < 0 {
		at = len(c.feeds)
		c.feeds = append(c.feeds, &feed{service: service})
	}
	return c.feeds[at]
}

// Has is true of lookups in the cache.
func (c *cache) Has(function history.Function) bool { return function == history.CacheLookup }

// Invoke answers from the last good list, at once. The version is when that was read, by the wall clock.
func (c *cache) Invoke(request history.Request, done func(history.Completion)) {
	f := c.feed(request.Key)
	if !f.known {
		c.refresh(f)
		done(history.Completion{Outcome: history.Fail, Error: errorNoList})
		return
	}
	done(history.Completion{Outcome: history.Ok, Value: history.Texts(c.health.present(f.list)), Node: "cache", Version: int64(f.stamp)})
}

// Attached reads everything again: a question may have been lost with the last connection, a watch with the session.
func (c *cache) Attached(bool) {
	for _, f := range c.feeds {
		if !f.known || c.bug != bugNoReread {
			c.refresh(f)
		}
	}
}

// Suspended changes nothing: this is what the cache is for.
func (c *cache) Suspended() {
	if c.bug == bugLossWipes {
		for _, f := range c.feeds {
			c.take(f, nil)
		}
	}
}

// Expired changes nothing either.
func (c *cache) Expired() {}

// Event gets a list again that has changed, or is there for the first time.
func (c *cache) Event(event zkwire.Event) {
	for _, f := range c.feeds {
		if zkclient.ServicePath(f.service) == event.Path {
			c.refresh(f)
		}
	}
}

// refresh asks the store for a list, and to tell of its next change, in one question: no change falls between.
func (c *cache) refresh(f *feed) {
	if f.asking {
		f.again = true
		return
	}
	if !c.session.Attached() {
		return // Attached will
	}
	q := zkwire.Request{Op: zkwire.OpGetChildren2, Path: zkclient.ServicePath(f.service), Watch: c.bug != bugWatchOnce || !f.armed}
	c.ask(f, q, func(p *zkwire.Reply) {
		switch p.Code {
		case zkwire.OK:
			f.armed = true
			c.judge(f, p.Names)
		case zkwire.NoNode:
			c.judge(f, nil)
			c.await(f)
		default:
			c.later(f, retryWait)
		}
	})
}

// await asks to be told when a service gets its first instance.
func (c *cache) await(f *feed) {
	c.ask(f, zkwire.Request{Op: zkwire.OpExists, Path: zkclient.ServicePath(f.service), Watch: true}, func(p *zkwire.Reply) {
		switch p.Code {
		case zkwire.NoNode:
		case zkwire.OK:
			f.again = true
		default:
			c.later(f, retryWait)
		}
	})
}

// ask puts one question for a feed. If the connection ends first, Attached asks anew.
func (c *cache) ask(f *feed, q zkwire.Request, answered func(*zkwire.Reply)) {
	f.asking = true
	c.session.Ask(q, func(p *zkwire.Reply) {
		f.asking = false
		if p == nil {
			f.again = false
			return
		}
		answered(p)
		if f.again && !f.asking {
			f.again = false
			c.refresh(f)
		}
	})
}

// later asks again after a while.
func (c *cache) later(f *feed, wait time.Duration) {
	c.session.Environment().After(wait, func() { c.refresh(f) })
}

// judge decides whether what the store says takes the place of the last good list.
func (c *cache) judge(f *feed, names []string) {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = f.service + "/" + name
	}
	slices.Sort(list)
	now := c.session.Environment().Elapsed()
	switch {
	case len(f.list) == 0, 2*len(list) >= len(f.list), c.bug == bugTakesEmpty:
		c.take(f, list)
	case len(list) == 0:
		if !f.emptied {
			c.keep(f, list)
		}
		f.emptied, f.doubtful = true, false
	case !f.doubtful:
		f.emptied, f.doubtful, f.doubted = false, true, now
		c.keep(f, list)
		c.later(f, c.options.Confirm)
	case now >= f.doubted+c.options.Confirm:
		c.take(f, list)
	}
}

// keep tells that a list is not believed.
func (c *cache) keep(f *feed, list []string) {
	c.session.Environment().Note("cache-keeps", fmt.Sprintf("%s: %d, the store lists %d", f.service, len(f.list), len(list)))
}

func (c *cache) take(f *feed, list []string) {
	f.known, f.emptied, f.doubtful, f.list, f.stamp = true, false, false, list, c.session.Environment().Now()
	c.save()
}

// listed are all that are in any list, each once, sorted.
func (c *cache) listed() (all []string) {
	for _, f := range c.feeds {
		all = append(all, f.list...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
