package eurekahttp

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/systems/apregistry"
	"cleave/world"
	"cleave/world/host"
)

// served is a node that runs on a socket.
type served struct {
	*Handler
	url string
}

// serve starts a node that opens at once and caches nothing for long.
func serve(t testing.TB, change func(*apregistry.Options, *Options)) *served {
	t.Helper()
	options := apregistry.ProfileOptions(apregistry.Netflix)
	options.SyncOnFirstBoot, options.SyncRetries, options.WaitWhenSyncEmpty = true, 1, 0
	options.ResponseCacheInterval = 10 * time.Millisecond
	edge := Options{Name: "n1", Environment: "test", DataCenter: "default"}
	if change != nil {
		change(&options, &edge)
	}
	s := &served{}
	ready := make(chan host.Addresses, 1)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- host.Run(ctx, host.Options{Name: "n1", Process: apregistry.System(options).Node("n1", world.Cluster{Nodes: []string{"n1"}}),
			Ready: func(a host.Addresses) { ready <- a },
			HTTP: &host.HTTP{Listen: []string{"127.0.0.1:0"}, Handler: func(ask host.Ask) http.Handler {
				s.Handler = New(edge, ask)
				return s.Handler
			}}})
	}()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-ended)
	})
	s.url = "http://" + (<-ready).HTTP[0]
	return s
}

// do makes a request of the form "METHOD /path", with headers as "Name: value".
func (s *served) do(target, body string, headers ...string) *httptest.ResponseRecorder {
	method, path, _ := strings.Cut(target, " ")
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Set(name, value)
	}
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, request)
	return recorder
}

const asJSON = "Accept: application/json"

// registration is the body of one.
func registration(app, id, more string) string {
	return fmt.Sprintf(`{"instance":{"instanceId":%q,"hostName":"h","app":%q,"ipAddr":"10.0.0.1","vipAddress":"v","status":"UP",`+
		`"dataCenterInfo":{"@class":"c","name":"MyOwn"}%s}}`, id, app, more)
}

func (s *served) register(t testing.TB, app, id string) {
	t.Helper()
	require.Equal(t, http.StatusNoContent, s.do("POST /eureka/apps/"+app, registration(app, id, "")).Code)
}

// eventually waits for a list, which follows the registry a little later.
func (s *served) eventually(t *testing.T, target, text string) {
	t.Helper()
	require.Eventually(t, func() bool { return strings.Contains(s.do(target, "", asJSON).Body.String(), text) },
		10*time.Second, 5*time.Millisecond, "%s: %s", target, text)
}
