package zookeeper

import (
	"errors"
	"fmt"
	"testing"

	"github.com/go-zookeeper/zk"
	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/systems/zkwire"
)

func TestOutcomes(t *testing.T) {
	for _, c := range []struct {
		err  error
		name string
		sent history.Outcome // of a write that was sent
	}{
		{zk.ErrNoNode, "noNode", history.Fail},
		{zk.ErrBadVersion, "badVersion", history.Fail},
		{zk.ErrNodeExists, "nodeExists", history.Fail},
		{zk.ErrNotEmpty, "notEmpty", history.Fail},
		{zk.ErrConnectionClosed, "connectionLoss", history.Info},
		{zk.ErrClosing, "connectionLoss", history.Info},
		{zk.ErrNoServer, "notConnected", history.Fail},
		{zk.ErrSessionExpired, "sessionExpired", history.Info},
		{zk.ErrSessionMoved, "sessionMoved", history.Info},
		{fmt.Errorf("in a multi: %w", zk.ErrBadVersion), "badVersion", history.Fail},
		{refusal(zkwire.Unimplemented), "unimplemented", history.Fail},
		{refusal(zkwire.SessionMoved), "sessionMoved", history.Info},
		{errTimeout, "timeout", history.Info},
		{errUnsent, "connectionLoss", history.Fail},
		{errors.New("unknown error: -125"), "unknown error: -125", history.Info},
	} {
		require.Equal(t, c.name, meaningOf(c.err).reason)
		require.Equal(t, c.sent, outcome(history.Write, true, c.err), c.name)
		require.Equal(t, history.Fail, outcome(history.Write, false, c.err), c.name)
		require.Equal(t, history.Fail, outcome(history.Read, true, c.err), c.name)
	}
	for i, known := range meanings {
		for _, other := range meanings[:i] {
			require.NotErrorIs(t, known.err, other.err, "it is in the table twice")
		}
	}
}
