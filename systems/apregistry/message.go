package apregistry

import "cleave/systems/eurekawire"

// Action is what a request asks for.
type Action uint8

const (
	actionRegister Action = iota + 1
	actionRenew
	actionCancel
	actionSetStatus
	actionGetInstance
	actionGetApp
	actionGetAll
	actionBatch // of registers, renews, cancels and status changes, from a peer
	actionDeleteStatus
	actionSetMetadata
	actionGetByID
	actionGetDelta
	actionGetVIP
	actionGetSecureVIP
	actionFigures
	actionExchange // a peer tells all that it has, to be told what it misses: anti-entropy
	actions        // one more than the last
)

// lists tells whether the action asks for a list, which a server that boots refuses.
func (a Action) lists() bool {
	switch a {
	case actionGetApp, actionGetAll, actionGetDelta, actionGetVIP, actionGetSecureVIP:
		return true
	}
	return false
}

// replicable tells whether a peer is told of the action. A change of metadata is told as a
// registration.
func (a Action) replicable() bool {
	return a >= actionRegister && a <= actionSetStatus || a == actionDeleteStatus
}

// request is one request to a node, from a client or a peer, whatever it came over.
type request struct {
	action     Action
	key        key               // of which instance; of get app, the app alone; of get by id, the id alone; of get vip, the address as app
	instance   instance          // of register
	status     status            // of set status; of delete status, the one that follows
	overridden status            // of a peer's renew: the override there
	dirty      int64             // of renew, set and delete status: the sender's lastDirtyTimestamp, if stamped
	stamped    bool              //
	replicated bool              // a peer tells of it: it goes no further
	have       uint64            // of a list: the version that the sender has already
	metadata   []eurekawire.Pair // of set metadata
	tasks      []request         // of a batch
	bytes      []byte            // of a batch that is sent: itself, if it was written before
	summaries  []summary         // of an exchange
	held       *lease            // that of the key, if the node that read the request had one then
}

// The codes of a response are HTTP's, as Eureka uses them.
const (
	codeOK          = 200 // done; 204 of a registration
	codeRegistered  = 204
	codeNotModified = 304 // of a list: the sender has it already
	codeBadRequest  = 400
	codeForbidden   = 403 // no lists yet: this node booted and could fetch nothing from its peers; or no deltas
	codeNotFound    = 404 // of a renewal also: the sender's copy is newer
	codeConflict    = 409 // of a peer's renewal: this node's copy is newer, here it is
	codeTooLarge    = 413 // of a batch
	codeUnavailable = 503 // busy: at boot, until the registry is fetched from a peer or given up
)

// response answers a request. What it holds must not be changed: lists are shared with other readers.
type response struct {
	code      int
	instances []instance // of the gets, and one of a conflict
	results   []response // of a batch, one for each task
	version   uint64     // of a list: grows whenever it is made anew, never 0
	delta     uint64     // of a delta: how many were made, versions__delta
	hash      string     // of a list: statuses and counts; of a delta, those of the whole registry
	figures   *Figures   // of figures
	ages      []int64    // of an exchange: how long ago each instance was heard of, nanoseconds
	bytes     *[]byte    // of a list: its own bytes, once somebody has needed them; nil if they are not kept
	message   string     // of a bad request: what is wrong with it
}
