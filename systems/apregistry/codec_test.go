package apregistry

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/systems/eurekawire"
)

func sampleRequests() []request {
	full := instance{key: key{"web", "web/c1#1"}, status: down, overridden: outOfService, value: math.MinInt64, dirty: math.MaxInt64}
	one := []request{
		{action: actionRegister, key: full.key, instance: full},
		{action: actionRenew, key: full.key, dirty: -5, stamped: true, replicated: true},
		{action: actionRenew, key: full.key},
		{action: actionCancel, key: full.key, replicated: true},
		{action: actionSetStatus, key: full.key, status: starting, dirty: 0, stamped: true},
	}
	one = append(one, request{action: actionDeleteStatus, key: full.key, status: up, dirty: 9, stamped: true, replicated: true},
		request{action: actionRenew, key: full.key, overridden: outOfService, dirty: 1, stamped: true},
		request{action: actionRegister, key: sampleWhole().key, instance: sampleWhole()})
	gets := []request{
		{action: actionSetMetadata, key: full.key, metadata: []eurekawire.Pair{{Key: "a", Value: "b"}, {Key: "c"}}},
		{action: actionGetByID, key: key{id: "a"}},
		{action: actionGetDelta, have: 77},
		{action: actionGetVIP, key: key{app: "web.mine"}, have: 1},
		{action: actionGetSecureVIP, key: key{app: "web.mine"}},
		{action: actionFigures},
		{action: actionExchange, summaries: []summary{{key: full.key, dirty: -3, age: 5, status: up}, {key: full.key, age: 1 << 60, gone: true}}},
		{action: actionExchange, summaries: []summary{}},
		{action: actionGetInstance, key: full.key},
		{action: actionGetApp, key: key{app: "web"}},
		{action: actionGetAll},
		{action: actionBatch, replicated: true, tasks: one},
		{action: actionBatch, tasks: []request{}},
	}
	return append(one, gets...)
}

// sampleWhole is an instance with everything that one can have.
func sampleWhole() instance {
	return instance{key: key{"WEB", "a"}, status: outOfService, overridden: outOfService, change: deleted, value: 3, dirty: 5 * millisecond,
		times: &times{1 * millisecond, 2 * millisecond, 3 * millisecond, 4 * millisecond, 5 * millisecond},
		more: &eurekawire.Instance{InstanceID: "a", HostName: "h", AppGroup: "G", IPAddr: "10.0.0.1", SID: "na", CountryID: 1, Coordinating: true, ASG: "g",
			Port: eurekawire.Port{Number: 80, Enabled: true}, SecurePort: eurekawire.Port{Number: math.MaxInt32},
			DataCenter: eurekawire.DataCenter{Class: "c", Name: "Amazon", Metadata: []eurekawire.Pair{{Key: "instance-id", Value: "i"}}},
			Lease:      eurekawire.Lease{RenewalInterval: 10, Duration: 30}, Metadata: []eurekawire.Pair{{Key: "value", Value: "3"}, {Key: "zone", Value: "1"}},
			HomePage: "p", StatusPage: "s", HealthCheck: "k", SecureHealthCheck: "q", VIP: "web,mine", SecureVIP: "secure"}}
}

func sampleResponses() []response {
	one := []instance{{key: key{"web", "a"}, status: up, value: -1, dirty: 7}}
	return []response{
		{code: codeRegistered},
		{code: codeOK, instances: one},
		{code: codeOK, results: []response{{code: codeNotFound}, {code: codeConflict, instances: one}}},
		{code: codeNotModified, version: 1 << 60, delta: 3, hash: "UP_1_"},
		{code: codeOK, instances: []instance{sampleWhole()}, ages: []int64{1 << 60}},
		{code: codeBadRequest, message: "no"},
		{code: codeOK, figures: &Figures{Profile: Plain, Preserving: true, Listable: true, Version: 9, Boot: -1, Exchanged: 7,
			Peers:          []PeerFigures{{Name: "n2", Available: true, Queued: 1, Dropped: 4}},
			LastRegistered: []Event{{1, "A", "a"}}, LastCanceled: []Event{{2, "B", ""}}}},
	}
}

func TestCodecGivesBackWhatItTook(t *testing.T) {
	for number, sent := range sampleRequests() {
		message := encodeRequest(uint64(number), &sent)
		got, back, err := decodeRequest(message)
		require.NoError(t, err)
		require.EqualValues(t, number, got)
		require.Equal(t, sent, back)
		for size := range message {
			_, _, err := decodeRequest(message[:size])
			require.ErrorIs(t, err, errBadMessage, "cut at %d", size)
		}
		_, _, err = decodeRequest(append(message, 0))
		require.ErrorIs(t, err, errBadMessage, "something follows")
	}
	for _, sent := range sampleResponses() {
		message := encodeResponse(1<<40, &sent)
		got, back, err := decodeResponse(message)
		require.NoError(t, err)
		require.EqualValues(t, 1<<40, got)
		require.Equal(t, sent, back)
		for size := range message {
			_, _, err := decodeResponse(message[:size])
			require.ErrorIs(t, err, errBadMessage, "cut at %d", size)
		}
	}
}

func TestCodecRefuses(t *testing.T) {
	for name, message := range map[string]string{
		"an unknown kind":       "X\x01\x07\x00",
		"a response":            "R\x01\xc8\x01\x00\x00\x00",
		"an unknown action":     "Q\x01\x11\x00",
		"no action":             "Q\x01\x00\x00",
		"an unknown flag":       "Q\x01\x07\x10",
		"an unknown status":     "Q\x01\x04\x00\x01a\x01b\x06",
		"a batch in a batch":    "Q\x01\x08\x00\x01\x08\x00\x00",
		"a get in a batch":      "Q\x01\x08\x00\x01\x07\x00\x00",
		"an age in the future":  "Q\x01\x10\x00\x01\x01a\x01b\x00\x01\x01\x00",
		"a text beyond the end": "Q\x01\x06\x00\xff\xff\xff\xff\x0fa",
		"a count beyond it":     "Q\x01\x08\x00\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
	} {
		_, _, err := decodeRequest([]byte(message))
		require.ErrorIs(t, err, errBadMessage, name)
	}
	nested := response{code: 200, results: []response{{code: 200, results: []response{{code: 200}}}}}
	_, _, err := decodeResponse(encodeResponse(1, &nested))
	require.ErrorIs(t, err, errBadMessage)
}

// FuzzCodec holds that any bytes decode or are refused, without a panic, and that what decodes
// encodes to something that decodes to the same.
func FuzzCodec(f *testing.F) {
	for _, sent := range sampleRequests() {
		f.Add(encodeRequest(1, &sent))
	}
	for _, sent := range sampleResponses() {
		f.Add(encodeResponse(1, &sent))
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		if number, decoded, err := decodeRequest(message); err == nil {
			_, again, err := decodeRequest(encodeRequest(number, &decoded))
			require.NoError(t, err)
			require.Equal(t, decoded, again)
		}
		if number, decoded, err := decodeResponse(message); err == nil {
			_, again, err := decodeResponse(encodeResponse(number, &decoded))
			require.NoError(t, err)
			require.Equal(t, decoded, again)
		}
	})
}
