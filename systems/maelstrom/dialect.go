package maelstrom

import "cleave/history"

// dialect is how the requests of a workload are put to nodes. Each client has one of its own, so that it may remember.
type dialect interface {
	// ask is the body of the call for a request, which encoding/json makes an object of: its "type", its "msg_id" and what it
	// needs. nil: there is nothing to ask, and the request is ok with its own value.
	ask(request history.Request, id uint64) any
	// answer reads the body of an answer that is no error. It errs if that is malformed.
	answer(request history.Request, body []byte) (history.Completion, error)
}

// refusals is a dialect that takes some errors for answers.
type refusals interface {
	// refused is the completion instead of the error's own, if there is one.
	refused(request history.Request, code int) (history.Completion, bool)
}
