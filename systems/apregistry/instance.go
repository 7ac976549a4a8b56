package apregistry

import (
	"strconv"
	"strings"

	"cleave/systems/eurekawire"
)

// status is what an instance says of itself, or an operator of it.
type status uint8

// The statuses of Eureka. Only an instance that is up is listed to consumers.
const (
	unknown status = iota
	up
	down
	starting
	outOfService
	statuses // how many there are
)

// change says what last happened to an instance, Eureka's actionType.
type change uint8

const (
	unchanged change = iota
	added
	modified
	deleted
	changes // how many there are
)

// key names an instance.
type key struct{ app, id string }

// before orders keys by app, then id.
func (k key) before(other key) bool {
	if k.app != other.app {
		return k.app < other.app
	}
	return k.id < other.id
}

// own is the key in memory of its own. What is read from a message shares its bytes, which would all stay as
// long as any text of it.
func (k key) own() key { return key{strings.Clone(k.app), strings.Clone(k.id)} }

// instance is one copy of a registration. It is passed by value and so never changes under a reader.
type instance struct {
	key
	status     status
	overridden status               // what an operator set in its place, unknown if nothing
	change     change               // of a copy that was listed: what last happened to it
	value      int64                // its metadata
	dirty      int64                // lastDirtyTimestamp: when its owner last changed it, nanoseconds of the owner's wall clock
	more       *eurekawire.Instance // all else that its owner told, never changed afterwards; nil in simulations
	times      *times               // of a copy that was listed, and only if there is more; never changed afterwards
}

// times is what the node that lists an instance knows of its lease, in nanoseconds of its wall clock, 0 for
// never.
type times struct{ updated, registered, renewed, evicted, up int64 }

// instanceKey makes the key of an instance from a workload's: the app is what stands before the
// slash, the id is the whole.
func instanceKey(name string) key {
	app, _, _ := strings.Cut(name, "/")
	return key{app: app, id: name}
}

// millisecond is how many nanoseconds of a stamp are one unit of Eureka's.
const millisecond = 1_000_000

// nanoseconds turns Eureka's milliseconds into a stamp. What is beyond all clocks stays there, without
// overflow.
func nanoseconds(milliseconds int64) int64 {
	const most = 1 << 62
	return min(max(milliseconds, -most/millisecond), most/millisecond) * millisecond
}

// statusName and changeName are Eureka's words.
func statusName(s status) eurekawire.Status {
	return [...]eurekawire.Status{eurekawire.Unknown, eurekawire.Up, eurekawire.Down, eurekawire.Starting, eurekawire.OutOfService}[s]
}

func changeName(c change) string { return [...]string{"", "ADDED", "MODIFIED", "DELETED"}[c] }

// statusOf reads a word; what is no status is unknown, as Eureka takes it.
func statusOf(word eurekawire.Status) status {
	for s := unknown; s < statuses; s++ {
		if statusName(s) == word {
			return s
		}
	}
	return unknown
}

func changeOf(word string) change {
	for c := unchanged; c < changes; c++ {
		if changeName(c) == word {
			return c
		}
	}
	return unchanged
}

// valueKey is the entry of metadata that holds an instance's value.
const valueKey = "value"

// fromWire takes an instance as Eureka writes it. Its app is upper-cased by Eureka's routing, not here.
func fromWire(w *eurekawire.Instance) instance {
	i := instance{
		key:        key{w.App, w.ID()},
		status:     statusOf(w.Status),
		overridden: statusOf(w.Overridden),
		change:     changeOf(w.Action),
		dirty:      nanoseconds(w.LastDirty),
		times: &times{
			updated: nanoseconds(w.LastUpdated), registered: nanoseconds(w.Lease.Registration), renewed: nanoseconds(w.Lease.LastRenewal),
			evicted: nanoseconds(w.Lease.Eviction), up: nanoseconds(w.Lease.ServiceUp),
		},
	}
	if w.Status == "" {
		i.status = up // as Eureka takes an instance that does not say
	}
	i.value = valueOf(w.Metadata)
	more := *w
	more.App, more.Status, more.Overridden, more.Action, more.LastUpdated, more.LastDirty = "", "", "", "", 0, 0
	more.Lease = eurekawire.Lease{RenewalInterval: w.Lease.RenewalInterval, Duration: w.Lease.Duration}
	i.more = &more
	return i
}

func valueOf(metadata []eurekawire.Pair) int64 {
	for _, pair := range metadata {
		if pair.Key == valueKey {
			number, err := strconv.ParseInt(pair.Value, 10, 64)
			if err == nil {
				return number
			}
		}
	}
	return 0
}

// toWire writes an instance as Eureka does. One that was registered without more gets what Eureka
// requires of every instance.
func (i *instance) toWire() eurekawire.Instance {
	w := eurekawire.Instance{}
	if i.more != nil {
		w = *i.more
	} else {
		w = bareWire(i)
	}
	w.App, w.Status, w.Overridden, w.Action = i.app, statusName(i.status), statusName(i.overridden), changeName(i.change)
	w.LastDirty = i.dirty / millisecond
	if t := i.times; t != nil {
		w.LastUpdated, w.Lease.Registration, w.Lease.LastRenewal = t.updated/millisecond, t.registered/millisecond, t.renewed/millisecond
		w.Lease.Eviction, w.Lease.ServiceUp = t.evicted/millisecond, t.up/millisecond
	}
	return w
}

func bareWire(i *instance) eurekawire.Instance {
	return eurekawire.Instance{
		InstanceID: i.id, HostName: i.id, IPAddr: "127.0.0.1", VIP: i.app, CountryID: 1,
		DataCenter: eurekawire.DataCenter{Class: "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo", Name: "MyOwn"},
		Metadata:   []eurekawire.Pair{{Key: valueKey, Value: strconv.FormatInt(i.value, 10)}},
	}
}

// size is how many bytes of text an instance holds, besides its key.
func (i *instance) size() int {
	if i.more == nil {
		return 0
	}
	m := i.more
	total := len(m.HostName) + len(m.AppGroup) + len(m.IPAddr) + len(m.HomePage) + len(m.StatusPage) + len(m.HealthCheck) +
		len(m.SecureHealthCheck) + len(m.VIP) + len(m.SecureVIP) + len(m.ASG) + len(m.DataCenter.Class) + len(m.DataCenter.Name)
	for _, pairs := range [][]eurekawire.Pair{m.Metadata, m.DataCenter.Metadata} {
		for _, pair := range pairs {
			total += len(pair.Key) + len(pair.Value)
		}
	}
	return total
}
