package apregistry

import (
	"strings"

	"cleave/history"
	"cleave/world"
)

// registerApp is the app of the instances that stand for keys: their metadata is the key's value.
const registerApp = "register"

// user is a client beside one node that does what a workload asks. It implements world.Client.
type user struct {
	*Client
	host    string
	options Options
}

func newClient(name, host string, cluster world.Cluster, options Options) *user {
	return &user{Client: NewClient(options.client(host, cluster.Nodes, cluster.Bug)), host: host, options: options}
}

// app is a service as servers write it, and key an instance of one.
func (u *user) app(service string) string {
	if u.options.REST {
		return strings.ToUpper(service)
	}
	return service
}

func (u *user) key(name string) key {
	k := instanceKey(name)
	k.app = u.app(k.app)
	if u.options.REST {
		k.id = toPath.Replace(k.id)
	}
	return k
}

// Servers refuse a slash in an id, even one that is escaped as it should be.
var (
	toPath   = strings.NewReplacer("/", ":", "#", ".")
	fromPath = strings.NewReplacer(":", "/", ".", "#")
)

// name is the workload's word for an instance.
func (u *user) name(id string) string {
	if u.options.REST {
		return fromPath.Replace(id)
	}
	return id
}

// operation is the request under way. It finishes once, at the latest when its time is over.
type operation struct {
	done   func(history.Completion)
	giveUp history.Completion // what is known if the time is over now
	timer  world.Timer
}

func (o *operation) finish(completion history.Completion) {
	if o.done == nil {
		return
	}
	done := o.done
	o.done = nil
	o.timer.Stop()
	done(completion)
}

// Invoke starts a request of a workload.
func (u *user) Invoke(r history.Request, done func(history.Completion)) {
	o := &operation{done: done, giveUp: readFailed(timedOut)}
	o.timer = u.env.After(u.options.RequestTimeout, func() { o.finish(o.giveUp) })
	switch r.Function {
	case history.Read:
		u.read(o, r.Key)
	case history.Write:
		u.write(o, r.Key, r.Value)
	case history.CAS:
		u.compareAndSet(o, r.Key, r.Value)
	case history.Register:
		u.register(o, u.key(r.Key))
	case history.Deregister:
		u.deregister(o, u.key(r.Key))
	case history.Die:
		u.release(u.key(r.Key))
		o.finish(history.Completion{Outcome: history.Ok})
	case history.Lookup:
		u.lookup(o, u.app(r.Key))
	case history.CacheLookup:
		u.cacheLookup(o, u.app(r.Key))
	case history.SetStatus:
		u.setStatus(o, u.key(r.Key), r.Value)
	case history.ClearStatus:
		u.clearStatus(o, u.key(r.Key))
	case history.Status:
		u.status(o, u.key(r.Key))
	case history.Home:
		u.home(o)
	default:
		o.finish(failed(errorUnsupported))
	}
}

// home forgets which servers failed, so that the next request goes to the host.
func (u *user) home(o *operation) {
	for _, s := range u.servers {
		s.trust(actionGetAll)
	}
	o.finish(history.Completion{Outcome: history.Ok, Node: u.host})
}
