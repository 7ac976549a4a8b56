package apregistry

import (
	"slices"
	"time"

	"cleave/history"
)

// bugEmptyWipesCache is a planted bug: a fetch that fails leaves the cache empty, as if a server had said
// that nobody is registered.
const bugEmptyWipesCache = "empty-wipes-cache"

// Fetches counts what a client has fetched: whole lists that replaced its cache, deltas that it applied,
// and failures of either.
type Fetches struct{ Whole, Deltas, Failed int64 }

// moment is when a fetch began.
type moment struct{ wall, elapsed time.Duration }

// fetch brings the cache up to date: by what changed if there is a list, whole otherwise. A failure leaves
// the cache as it is, for ever; a whole list replaces it, however short it is.
func (c *Client) fetch(round *round) {
	asked := moment{c.env.Now(), c.env.Elapsed()}
	if c.options.WholeFetches || len(c.cache.instances) == 0 {
		c.fetchAll(round, asked)
		return
	}
	round.ask(c, &request{action: actionGetDelta}, func(r reply) {
		switch {
		case r.problem != noProblem:
			c.fetchFailed()
		case r.code != codeOK:
			c.fetchAll(round, asked) // this server gives no deltas
		case !c.follow(r.response, asked):
			c.fetchAll(round, asked)
		}
	})
}

func (c *Client) fetchAll(round *round, asked moment) {
	round.ask(c, &request{action: actionGetAll}, func(r reply) {
		if r.problem != noProblem || r.code != codeOK {
			c.fetchFailed()
			return
		}
		list := listOf(r.instances)
		if c.options.KeepNonEmpty && len(list) == 0 && len(c.cache.instances) > 0 {
			return
		}
		c.fetched.Whole++
		c.replace(cache{instances: list}, asked)
	})
}

// follow applies a delta, and tells whether the list then has as many instances of each status as the
// server's. That is all that is compared: changes that were missed and leave the numbers the same are
// never noticed.
func (c *Client) follow(delta *response, asked moment) bool {
	c.cache.apply(delta.instances)
	if c.hashes.of(tallyOf(c.cache.instances)) != delta.hash {
		return false
	}
	c.fetched.Deltas++
	c.replace(c.cache, asked)
	return true
}

// replace takes a list that a server gave, and writes it to the file if that is wanted.
func (c *Client) replace(next cache, asked moment) {
	next.known, next.stamp, next.asked = true, int64(asked.wall), asked.elapsed
	c.take(next)
	if c.options.CacheFile {
		c.save()
	}
}

func (c *Client) take(next cache) {
	c.cache = next
	if c.options.Listed != nil {
		c.options.Listed(c.Listing())
	}
}

func (c *Client) fetchFailed() {
	c.fetched.Failed++
	if c.options.Bug == bugEmptyWipesCache {
		c.cache.instances, c.cache.told = nil, told{}
	}
}

// lookup asks a server for the instances of a service.
func (u *user) lookup(o *operation, service string) {
	u.ask(&request{action: actionGetApp, key: key{app: service}}, func(r reply) {
		switch {
		case r.problem != noProblem:
			o.finish(readFailed(r.problem))
		case r.code != codeOK && r.code != codeNotFound:
			o.finish(failed(errorRefused))
		default:
			o.finish(history.Completion{Outcome: history.Ok, Value: u.listed(r.instances, service), Node: r.server})
		}
	})
}

// cacheLookup asks nobody. The version is when the client asked for the list, by its wall clock.
func (u *user) cacheLookup(o *operation, service string) {
	if !u.cache.known {
		o.finish(failed(errorEmptyCache))
		return
	}
	o.finish(history.Completion{Outcome: history.Ok, Value: u.listed(u.cache.app(service), service), Node: "cache", Version: u.cache.stamp})
}

// listed gives the names of a service's instances that are up, sorted.
func (u *user) listed(instances []instance, service string) history.Value {
	names := make([]string, 0, len(instances))
	for i := range instances {
		if instances[i].app == service && instances[i].status == up {
			names = append(names, u.name(instances[i].id))
		}
	}
	slices.Sort(names)
	return history.Texts(names)
}
