package eurekahttp

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/systems/apregistry"
	"cleave/systems/eurekawire"
)

// told asks a server over HTTP, as host does.
func told(t *testing.T, base string, r apregistry.Request) apregistry.Response {
	t.Helper()
	message, err := Exchange(t.Context(), http.DefaultClient, base, r.Append(7, nil))
	require.NoError(t, err)
	number, answer, err := apregistry.DecodeResponse(message)
	require.NoError(t, err)
	require.EqualValues(t, 7, number)
	return answer
}

// Every request goes over HTTP and comes back as what the node said.
func TestExchange(t *testing.T) {
	s := serve(t, nil)
	instance := &eurekawire.Instance{InstanceID: "i/1", HostName: "h", App: "SHOP", IPAddr: "10.0.0.1", VIP: "v", SecureVIP: "s", Status: eurekawire.Up,
		LastDirty: 1000, DataCenter: eurekawire.DataCenter{Name: "MyOwn"}, Metadata: []eurekawire.Pair{{Key: "a", Value: "b"}}}
	for _, base := range []string{s.url + "/eureka", s.url + "/eureka/v2/"} {
		code := func(r apregistry.Request) int { return told(t, base, r).Code }
		of := func(action apregistry.Action) apregistry.Request {
			return apregistry.Request{Action: action, App: "SHOP", ID: "i/1", Status: eurekawire.Unknown, Overridden: eurekawire.Unknown}
		}
		require.Equal(t, 404, code(of(apregistry.ActionRenew)))
		require.Equal(t, 204, code(apregistry.Request{Action: apregistry.ActionRegister, Instance: instance}))
		renew := of(apregistry.ActionRenew)
		require.Equal(t, 200, code(renew))
		renew.LastDirty, renew.Stamped, renew.Replicated = 999, true, true
		conflict := told(t, base, renew)
		require.Equal(t, 409, conflict.Code)
		require.EqualValues(t, 1000, conflict.Instances[0].LastDirty)
		renew.LastDirty = 1001
		require.Equal(t, 404, code(renew))

		set := of(apregistry.ActionSetStatus)
		set.Status = eurekawire.OutOfService
		require.Equal(t, 200, code(set))
		got := told(t, base, of(apregistry.ActionGetInstance))
		require.Equal(t, eurekawire.OutOfService, got.Instances[0].Status)
		unset := of(apregistry.ActionDeleteStatus)
		unset.Status = eurekawire.Up
		require.Equal(t, 200, code(unset))
		metadata := of(apregistry.ActionSetMetadata)
		metadata.Metadata = []eurekawire.Pair{{Key: "c", Value: "d & e"}}
		require.Equal(t, 200, code(metadata))
		got = told(t, base, of(apregistry.ActionGetByID))
		require.Contains(t, got.Instances[0].Metadata, eurekawire.Pair{Key: "c", Value: "d & e"})

		s.eventually(t, "GET /eureka/apps/SHOP", "i/1")
		s.eventually(t, "GET /eureka/apps", "i/1")
		for _, action := range []apregistry.Action{apregistry.ActionGetAll, apregistry.ActionGetDelta, apregistry.ActionGetApp} {
			list := told(t, base, of(action))
			require.Equal(t, 200, list.Code)
			require.NotEmpty(t, list.Instances, action)
			require.NotZero(t, list.Version)
		}
		all := told(t, base, of(apregistry.ActionGetAll))
		require.Equal(t, "UP_1_", all.Hash)
		require.NotZero(t, told(t, base, of(apregistry.ActionGetDelta)).Delta)
		vip := apregistry.Request{Action: apregistry.ActionGetVIP, App: "v"}
		require.Len(t, told(t, base, vip).Instances, 1)
		vip = apregistry.Request{Action: apregistry.ActionGetSecureVIP, App: "s"}
		require.Len(t, told(t, base, vip).Instances, 1)

		renew.LastDirty = 999
		other := *instance
		other.InstanceID = "i2"
		status := of(apregistry.ActionSetStatus)
		status.Status = eurekawire.Down
		batch := told(t, base, apregistry.Request{Action: apregistry.ActionBatch, Replicated: true, Tasks: []apregistry.Request{
			renew, {Action: apregistry.ActionRegister, Instance: &other}, status, unset, of(apregistry.ActionCancel), of(apregistry.ActionCancel)}})
		require.Equal(t, 200, batch.Code)
		var codes []int
		for _, result := range batch.Results {
			codes = append(codes, result.Code)
		}
		require.Equal(t, []int{409, 200, 200, 200, 200, 404}, codes)
		require.Len(t, batch.Results[0].Instances, 1)
		cancel := of(apregistry.ActionCancel)
		cancel.ID = "i2"
		require.Equal(t, 200, code(cancel))
		require.Equal(t, "no such instance: \"i2\"", told(t, base, cancel).Message)
	}
}

// A server that is no Eureka is an error, not a wrong answer.
func TestExchangeWithAStranger(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("<html>It works!</html>"))
	}))
	defer server.Close()
	for _, action := range []apregistry.Action{apregistry.ActionGetAll, apregistry.ActionGetApp, apregistry.ActionGetInstance, apregistry.ActionBatch} {
		r := apregistry.Request{Action: action, App: "A", ID: "i"}
		_, err := Exchange(t.Context(), http.DefaultClient, server.URL, r.Append(1, nil))
		require.Error(t, err, action)
	}
	_, err := Exchange(t.Context(), http.DefaultClient, server.URL, []byte("no message"))
	require.Error(t, err)
}
