package apregistry

import "strings"

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

// key names an instance.
type key struct{ app, id string }

// before orders keys by app, then id.
func (k key) before(other key) bool {
	if k.app != other.app {
		return k.app < other.app
	}
	return k.id < other.id
}

// instance is one copy of a registration. It is passed by value and so never changes under a reader.
type instance struct {
	key
	status     status
	overridden status // what an operator set in its place, unknown if nothing
	value      int64  // its metadata
	dirty      int64  // lastDirtyTimestamp: when its owner last changed it, nanoseconds of the owner's wall clock
}

// instanceKey makes the key of an instance from a workload's: the app is what stands before the
// slash, the id is the whole.
func instanceKey(name string) key {
	app, _, _ := strings.Cut(name, "/")
	return key{app: app, id: name}
}
