package zkclient

import (
	"cleave/history"
	"cleave/systems/zkwire"
)

// The errors of operations that are not codes of the store.
const (
	ErrorNotConnected   = "notConnected"   // nothing was sent: no server took this client in time
	ErrorConnectionLoss = "connectionLoss" // the connection ended after something was sent
	ErrorTimeout        = "timeout"        // no answer in time
	ErrorValueDiffers   = "value differs"
	ErrorUnsupported    = "unsupported"
	ErrorNotInteger     = "not an integer"
	ErrorBadRequest     = "bad request"
	ErrorBadReply       = "bad reply" // an answer that is no answer to what was asked
)

// outcomes says of each error whether a write that ends with it certainly did not happen. An error
// that is not here is unknown. Reads always fail: they change nothing.
var outcomes = map[string]history.Outcome{
	ErrorNotConnected:                    history.Fail,
	ErrorConnectionLoss:                  history.Info,
	ErrorTimeout:                         history.Info,
	ErrorValueDiffers:                    history.Fail,
	ErrorUnsupported:                     history.Fail,
	ErrorNotInteger:                      history.Fail,
	ErrorBadRequest:                      history.Fail,
	ErrorBadReply:                        history.Info,
	name(zkwire.RuntimeInconsistency):    history.Fail, // another operation of the same multi is to blame
	name(zkwire.MarshallingError):        history.Fail,
	name(zkwire.Unimplemented):           history.Fail,
	name(zkwire.BadArguments):            history.Fail,
	name(zkwire.NoNode):                  history.Fail,
	name(zkwire.NoAuth):                  history.Fail,
	name(zkwire.BadVersion):              history.Fail,
	name(zkwire.NoChildrenForEphemerals): history.Fail,
	name(zkwire.NodeExists):              history.Fail,
	name(zkwire.NotEmpty):                history.Fail,
	name(zkwire.SessionExpired):          history.Fail,
	name(zkwire.InvalidACL):              history.Fail,
	name(zkwire.AuthFailed):              history.Fail,
	name(zkwire.NotReadOnly):             history.Fail,
	name(zkwire.EphemeralOnLocalSession): history.Fail,
	name(zkwire.QuotaExceeded):           history.Fail,
	name(zkwire.Throttled):               history.Fail,
	name(zkwire.SessionMoved):            history.Info,
	name(zkwire.OperationTimeout):        history.Info,
	name(zkwire.RequestTimeout):          history.Info,
	name(zkwire.SystemError):             history.Info,
	name(zkwire.DataInconsistency):       history.Info,
}

// name is how a code shows in histories.
func name(code zkwire.Code) string { return code.String() }

// refusal tells whether a code says that what was asked certainly did not happen.
func refusal(code zkwire.Code) bool { return outcomes[code.String()] == history.Fail }

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
