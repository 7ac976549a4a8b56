package apregistry

import "cleave/systems/eurekawire"

// What a Request can ask for.
const (
	ActionRegister     = actionRegister     // Instance
	ActionRenew        = actionRenew        // App, ID, LastDirty if Stamped; of a peer Overridden
	ActionCancel       = actionCancel       // App, ID
	ActionSetStatus    = actionSetStatus    // App, ID, Status, LastDirty if Stamped
	ActionDeleteStatus = actionDeleteStatus // App, ID, Status that follows (Unknown if none was given), LastDirty if Stamped
	ActionSetMetadata  = actionSetMetadata  // App, ID, Metadata
	ActionGetInstance  = actionGetInstance  // App, ID
	ActionGetByID      = actionGetByID      // ID
	ActionGetApp       = actionGetApp       // App, Have
	ActionGetAll       = actionGetAll       // Have
	ActionGetDelta     = actionGetDelta     // Have
	ActionGetVIP       = actionGetVIP       // App is the address; Have
	ActionGetSecureVIP = actionGetSecureVIP // App is the address; Have
	ActionBatch        = actionBatch        // Tasks: Register, Renew, Cancel, SetStatus, DeleteStatus
	ActionFigures      = actionFigures      // nothing
	ActionExchange     = actionExchange     // between nodes of this kind only: such a message is passed on as it is
)

// Request is a request to a node as whoever stands between it and Eureka's REST interface sees it. A
// message between processes holds the same.
type Request struct {
	Action     Action
	App, ID    string
	Status     eurekawire.Status
	Overridden eurekawire.Status
	LastDirty  int64 // milliseconds since 1970
	Stamped    bool  // whether LastDirty was given
	Instance   *eurekawire.Instance
	Metadata   []eurekawire.Pair // sorted by key
	Replicated bool              // a peer tells of it: it goes no further
	Have       uint64            // the Version of the list that the sender has already
	Tasks      []Request         // of a batch; one may hold no other
}

// Response answers a Request.
type Response struct {
	Code      int // HTTP's; 304 if a list is the one that the Request has already
	Instances []eurekawire.Instance
	Results   []Response // of a batch, one for each task
	Version   uint64     // of a list: another for every other content, within one boot of the node
	Delta     uint64     // of a delta: versions__delta
	Hash      string     // of a list: apps__hashcode; of a delta that of the whole registry
	Figures   *Figures
	Message   string // of a bad request: what is wrong with it
}

// Append adds the request's message, which its response will name by the same number.
func (r *Request) Append(number uint64, out []byte) []byte {
	inner := r.inner()
	return append(out, encodeRequest(number, &inner)...)
}

// DecodeRequest reads the message of a request.
func DecodeRequest(message []byte) (number uint64, r Request, err error) {
	number, inner, err := decodeRequest(message)
	if err != nil {
		return 0, Request{}, err
	}
	return number, inner.outer(), nil
}

// Append adds the response's message.
func (r *Response) Append(number uint64, out []byte) []byte {
	inner := r.inner()
	return append(out, encodeResponse(number, &inner)...)
}

// DecodeResponse reads the message of a response.
func DecodeResponse(message []byte) (number uint64, r Response, err error) {
	number, inner, err := decodeResponse(message)
	if err != nil {
		return 0, Response{}, err
	}
	return number, inner.outer(), nil
}

func (r *Request) inner() request {
	inner := request{
		action: r.Action, key: key{r.App, r.ID}, status: statusOf(r.Status), overridden: statusOf(r.Overridden),
		stamped: r.Stamped, replicated: r.Replicated, have: r.Have, metadata: r.Metadata,
	}
	if r.Stamped {
		inner.dirty = nanoseconds(r.LastDirty)
	}
	if r.Instance != nil {
		inner.instance = fromWire(r.Instance)
		inner.key = inner.instance.key
	}
	for i := range r.Tasks {
		inner.tasks = append(inner.tasks, r.Tasks[i].inner())
	}
	return inner
}

func (r *request) outer() Request {
	outer := Request{
		Action: r.action, App: r.key.app, ID: r.key.id, Status: statusName(r.status), Overridden: statusName(r.overridden),
		LastDirty: r.dirty / millisecond, Stamped: r.stamped, Metadata: r.metadata, Replicated: r.replicated, Have: r.have,
	}
	if r.action == actionRegister {
		instance := r.instance.toWire()
		outer.Instance, outer.LastDirty, outer.Stamped = &instance, instance.LastDirty, true
	}
	for i := range r.tasks {
		outer.Tasks = append(outer.Tasks, r.tasks[i].outer())
	}
	return outer
}

func (r *Response) inner() response {
	inner := response{code: r.Code, version: r.Version, delta: r.Delta, hash: r.Hash, figures: r.Figures, message: r.Message}
	for i := range r.Instances {
		inner.instances = append(inner.instances, fromWire(&r.Instances[i]))
	}
	for i := range r.Results {
		inner.results = append(inner.results, r.Results[i].inner())
	}
	return inner
}

func (r *response) outer() Response {
	outer := Response{Code: r.code, Version: r.version, Delta: r.delta, Hash: r.hash, Figures: r.figures, Message: r.message}
	if len(r.instances) > 0 {
		outer.Instances = make([]eurekawire.Instance, len(r.instances))
		for i := range r.instances {
			outer.Instances[i] = r.instances[i].toWire()
		}
	}
	for i := range r.results {
		outer.Results = append(outer.Results, r.results[i].outer())
	}
	return outer
}
