package host

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestCallsAreMadeWhereTheProcessRuns(t *testing.T) {
	calls := make(chan func())
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	process := &actor{}
	go func() { ended <- Run(ctx, Options{Name: "n1", Process: process, Calls: calls}) }()
	number, done := 0, make(chan struct{})
	for range 100 {
		go func() {
			calls <- func() {
				if number++; number == 100 {
					close(done)
				}
			}
		}()
	}
	<-done // with -race: nothing else orders the calls
	require.Equal(t, 100, number)
	cancel()
	require.NoError(t, <-ended)
	select {
	case calls <- func() {}:
		t.Fatal("taken by a host that has ended")
	case <-time.After(10 * time.Millisecond):
	}
}
