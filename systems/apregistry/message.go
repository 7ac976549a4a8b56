package apregistry

// action is what a request asks for.
type action uint8

const (
	actionRegister action = iota + 1
	actionRenew
	actionCancel
	actionSetStatus
	actionGetInstance
	actionGetApp
	actionGetAll
	actionBatch // of registers, renews, cancels and status changes, from a peer
	actions     // one more than the last
)

// replicable tells whether a peer is told of the action.
func (a action) replicable() bool { return a >= actionRegister && a <= actionSetStatus }

// request is one request to a node, from a client or a peer, whatever it came over.
type request struct {
	action     action
	key        key      // of which instance; of get app, the app alone
	instance   instance // of register
	status     status   // of set status
	dirty      int64    // of renew and set status: the sender's lastDirtyTimestamp, if stamped
	stamped    bool
	replicated bool      // a peer tells of it: it goes no further
	tasks      []request // of a batch
}

// The codes of a response are HTTP's, as Eureka uses them.
const (
	codeOK          = 200 // done; 204 of a registration
	codeRegistered  = 204
	codeBadRequest  = 400
	codeForbidden   = 403 // no lists yet: this node booted and could fetch nothing from its peers
	codeNotFound    = 404 // of a renewal also: the sender's copy is newer
	codeConflict    = 409 // of a peer's renewal: this node's copy is newer, here it is
	codeUnavailable = 503 // busy: at boot, until the registry is fetched from a peer or given up
)

// response answers a request. What it holds must not be changed: lists are shared with other readers.
type response struct {
	code      int
	instances []instance // of the gets, and one of a conflict
	results   []response // of a batch, one for each task
}
