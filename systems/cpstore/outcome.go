package cpstore

import "cleave/history"

// The errors of operations that are not codes of the store.
const (
	errorNotConnected   = "notConnected"   // nothing was sent: no server took this client in time
	errorConnectionLoss = "connectionLoss" // the connection ended after something was sent
	errorTimeout        = "timeout"        // no answer in time
	errorValueDiffers   = "value differs"
	errorUnsupported    = "unsupported"
	errorNotInteger     = "not an integer"
	errorBadRequest     = "bad request"
)

// outcomes says of each error whether a write that ends with it certainly did not happen. An error
// that is not here is unknown. Reads always fail: they change nothing.
var outcomes = map[string]history.Outcome{
	errorNotConnected:                    history.Fail,
	errorConnectionLoss:                  history.Info,
	errorTimeout:                         history.Info,
	errorValueDiffers:                    history.Fail,
	errorUnsupported:                     history.Fail,
	errorNotInteger:                      history.Fail,
	errorBadRequest:                      history.Fail,
	CodeNoNode.String():                  history.Fail,
	CodeNodeExists.String():              history.Fail,
	CodeBadVersion.String():              history.Fail,
	CodeNotEmpty.String():                history.Fail,
	CodeNoChildrenForEphemerals.String(): history.Fail,
	CodeBadArguments.String():            history.Fail,
	CodeSessionExpired.String():          history.Fail,
	CodeSessionMoved.String():            history.Info,
}

// outcome is what an error means for a function. A write that was not sent, or whose every part was
// refused, certainly did not happen, whatever ended it.
func outcome(function history.Function, unresolved bool, reason string) history.Outcome {
	if !function.Mutates() || !unresolved {
		return history.Fail
	}
	if known, found := outcomes[reason]; found {
		return known
	}
	return history.Info
}
