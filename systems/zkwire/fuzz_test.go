package zkwire

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever bytes come, decoding does not panic, and what decodes is stable: written and read again
// it is the same.

func FuzzRequest(f *testing.F) {
	for _, q := range sampleRequests() {
		f.Add(q.Append(nil))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		once, err := DecodeRequest(payload)
		if err != nil {
			return
		}
		twice, err := DecodeRequest(once.Append(nil))
		require.NoError(t, err)
		require.Equal(t, once, twice)
	})
}

func FuzzReply(f *testing.F) {
	for op, p := range sampleReplies() {
		f.Add(p.Append(nil, op), int32(op))
	}
	f.Fuzz(func(t *testing.T, payload []byte, op int32) {
		once, err := DecodeReply(payload, Op(op))
		if err != nil {
			return
		}
		twice, err := DecodeReply(once.Append(nil, Op(op)), Op(op))
		require.NoError(t, err)
		require.Equal(t, once, twice)
	})
}

func FuzzConnect(f *testing.F) {
	for _, has := range []bool{false, true} {
		request := ConnectRequest{Timeout: 4000, SessionID: 7, Password: make([]byte, 16), HasReadOnly: has}
		response := ConnectResponse{Timeout: 4000, SessionID: 7, Password: make([]byte, 16), HasReadOnly: has}
		f.Add(request.Append(nil))
		f.Add(response.Append(nil))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		if once, err := DecodeConnectRequest(payload); err == nil {
			twice, err := DecodeConnectRequest(once.Append(nil))
			require.NoError(t, err)
			require.Equal(t, once, twice)
		}
		if once, err := DecodeConnectResponse(payload); err == nil {
			twice, err := DecodeConnectResponse(once.Append(nil))
			require.NoError(t, err)
			require.Equal(t, once, twice)
		}
	})
}

func FuzzEvent(f *testing.F) {
	event := Event{Type: EventDeleted, Path: "/a"}
	f.Add(event.Append(nil))
	f.Fuzz(func(t *testing.T, payload []byte) {
		once, err := DecodeEvent(payload)
		if err != nil {
			return
		}
		twice, err := DecodeEvent(once.Append(nil))
		require.NoError(t, err)
		require.Equal(t, once, twice)
	})
}
