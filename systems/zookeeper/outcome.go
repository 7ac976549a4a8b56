package zookeeper

import (
	"errors"

	"github.com/go-zookeeper/zk"

	"cleave/history"
	"cleave/systems/zkclient"
	"cleave/systems/zkwire"
)

// The errors of this package's own. They are named as zkclient names them.
const (
	errNotConnected = reason(zkclient.ErrorNotConnected)
	errLost         = reason(zkclient.ErrorConnectionLoss)
	errTimeout      = reason(zkclient.ErrorTimeout)
	errValueDiffers = reason(zkclient.ErrorValueDiffers)
	errUnsupported  = reason(zkclient.ErrorUnsupported)
	errNotInteger   = reason(zkclient.ErrorNotInteger)
	errBadRequest   = reason(zkclient.ErrorBadRequest)
	errBadReply     = reason(zkclient.ErrorBadReply)
)

// reason is an error by its name in histories.
type reason string

// Error is the name.
func (r reason) Error() string { return string(r) }

// refusal is what a server said to a request that went past go-zookeeper.
type refusal zkwire.Code

// Error is the code's name.
func (r refusal) Error() string { return zkwire.Code(r).String() }

// meaning is what an error says of the write that ends with it: Fail if it certainly did not happen.
type meaning struct {
	err     error
	reason  string
	outcome history.Outcome
}

// meanings is the table of go-zookeeper's errors, and of this package's own. An error that is not here
// is unknown, and shows with its own text. Reads always fail: they change nothing.
//
// Certain are those of the server's codes that a leader answers before it changes anything
// (PrepRequestProcessor turns the request into a transaction that does nothing), and what was never
// sent. Unknown are the ends of a connection, for go-zookeeper then gives one error to what was never
// sent, to what was lost on its way and to what was done and never answered; this client looks which
// of them it was, see operation.change.
var meanings = []meaning{
	// The server's, by the number in a reply.
	{zk.ErrNoNode, zkwire.NoNode.String(), history.Fail},
	{zk.ErrNodeExists, zkwire.NodeExists.String(), history.Fail},
	{zk.ErrBadVersion, zkwire.BadVersion.String(), history.Fail},
	{zk.ErrNotEmpty, zkwire.NotEmpty.String(), history.Fail},
	{zk.ErrNoChildrenForEphemerals, zkwire.NoChildrenForEphemerals.String(), history.Fail},
	{zk.ErrBadArguments, zkwire.BadArguments.String(), history.Fail},
	{zk.ErrNoAuth, zkwire.NoAuth.String(), history.Fail},
	{zk.ErrInvalidACL, zkwire.InvalidACL.String(), history.Fail},
	{zk.ErrAuthFailed, zkwire.AuthFailed.String(), history.Fail},
	// The library gives the next one to what it had sent as well, when it finds its session gone.
	{zk.ErrSessionExpired, zkwire.SessionExpired.String(), history.Info},
	// A server does not send it: it closes the connection of a session that moved. Whoever sends it all
	// the same has perhaps passed the request on.
	{zk.ErrSessionMoved, zkwire.SessionMoved.String(), history.Info},
	// In the protocol's list, and never explained there.
	{zk.ErrAPIError, "apiError", history.Info},
	{zk.ErrNothing, "nothing", history.Info},

	// The library's own.
	{zk.ErrConnectionClosed, zkclient.ErrorConnectionLoss, history.Info}, // of what was sent, or never was
	{zk.ErrClosing, zkclient.ErrorConnectionLoss, history.Info},          // the same, when this client leaves
	{zk.ErrNoServer, zkclient.ErrorNotConnected, history.Fail},           // of what is still in its queue, and leaves it
	{zk.ErrInvalidPath, zkclient.ErrorBadRequest, history.Fail},          // before it is sent
	{zk.ErrInvalidFlags, zkclient.ErrorBadRequest, history.Fail},         // likewise
	{zk.ErrShortBuffer, zkclient.ErrorBadReply, history.Info},            // an answer that is too short
	{zk.ErrUnknown, zkclient.ErrorBadReply, history.Info},

	// This package's own.
	{errUnsent, zkclient.ErrorConnectionLoss, history.Fail},
	{errNotConnected, zkclient.ErrorNotConnected, history.Fail},
	{errLost, zkclient.ErrorConnectionLoss, history.Info},
	{errTimeout, zkclient.ErrorTimeout, history.Info},
	{errBadReply, zkclient.ErrorBadReply, history.Info},
	{errValueDiffers, zkclient.ErrorValueDiffers, history.Fail},
	{errUnsupported, zkclient.ErrorUnsupported, history.Fail},
	{errNotInteger, zkclient.ErrorNotInteger, history.Fail},
	{errBadRequest, zkclient.ErrorBadRequest, history.Fail},
}

// meaningOf finds an error in the table.
func meaningOf(err error) meaning {
	for _, known := range meanings {
		if errors.Is(err, known.err) {
			return known
		}
	}
	var refused refusal
	if errors.As(err, &refused) && refused == refusal(zkwire.Unimplemented) {
		return meaning{err, refused.Error(), history.Fail}
	}
	return meaning{err, err.Error(), history.Info}
}

// refuses tells whether an error says that what was asked certainly did not happen.
func refuses(err error) bool { return meaningOf(err).outcome == history.Fail }

// outcome is what an error means for a function. A write that was not sent, or whose every part was
// refused, certainly did not happen, whatever ended it.
func outcome(function history.Function, unresolved bool, err error) history.Outcome {
	if !function.Mutates() || !unresolved {
		return history.Fail
	}
	return meaningOf(err).outcome
}
