package apregistry

import (
	"slices"

	"cleave/history"
)

// fetch fills the client's own cache with all that a server lists. A failure leaves the cache as it
// is, for ever; an answer replaces it, however short it is.
func (c *client) fetch() {
	if c.fetching {
		return
	}
	c.fetching = true
	c.ask(&request{action: actionGetAll}, func(r reply) {
		c.fetching = false
		if r.problem == noProblem && r.code == codeOK {
			c.cache, c.fetched = r.instances, true
		}
	})
}

// lookup asks a server for the instances of a service.
func (c *client) lookup(o *operation, service string) {
	c.ask(&request{action: actionGetApp, key: key{app: service}}, func(r reply) {
		switch {
		case r.problem != noProblem:
			o.finish(readFailed(r.problem))
		case r.code != codeOK && r.code != codeNotFound:
			o.finish(failed(errorRefused))
		default:
			o.finish(history.Completion{Outcome: history.Ok, Value: listed(r.instances, service), Node: r.server})
		}
	})
}

// cacheLookup asks nobody.
func (c *client) cacheLookup(o *operation, service string) {
	if !c.fetched {
		o.finish(failed(errorEmptyCache))
		return
	}
	o.finish(history.Completion{Outcome: history.Ok, Value: listed(c.cache, service), Node: "cache"})
}

// listed gives the ids of a service's instances that are up, sorted.
func listed(instances []instance, service string) history.Value {
	ids := make([]string, 0, len(instances))
	for i := range instances {
		if instances[i].app == service && instances[i].status == up {
			ids = append(ids, instances[i].id)
		}
	}
	slices.Sort(ids)
	return history.Texts(ids)
}
