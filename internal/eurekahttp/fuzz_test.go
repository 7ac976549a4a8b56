package eurekahttp

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// FuzzHandler gives a running node any request: it is answered, with a code that Eureka or this server
// has, and the next one is served.
func FuzzHandler(f *testing.F) {
	s := serve(f, nil)
	s.register(f, "SHOP", "i1")
	for _, seed := range [][3]string{
		{"GET", "/eureka/apps", ""},
		{"POST", "/eureka/apps/SHOP", registration("SHOP", "i1", "")},
		{"POST", "/eureka/v2/apps/SHOP", "<instance><app>SHOP</app><instanceId>x</instanceId></instance>"},
		{"PUT", "/eureka/apps/SHOP/i1/status?value=DOWN&lastDirtyTimestamp=7", ""},
		{"PUT", "/eureka/apps/SHOP/i1/metadata?a=b&a=c&%41=", ""},
		{"POST", "/eureka/peerreplication/batch/", `{"replicationList":[{"appName":"SHOP","id":"i1","action":"Heartbeat","lastDirtyTimestamp":1}]}`},
		{"POST", "/eureka/peerreplication/exchange", "Q\x01\x10\x00"},
		{"GET", "/", ""}, {"HEAD", "/metrics", ""}, {"OPTIONS", "/eureka/apps/x/y", ""},
	} {
		f.Add(seed[0], seed[1], seed[2], true)
	}
	f.Fuzz(func(t *testing.T, method, target, body string, json bool) {
		u, err := url.ParseRequestURI(target)
		if err != nil || method == "" || !strings.HasPrefix(target, "/") {
			t.Skip()
		}
		request := &http.Request{Method: method, URL: u, Header: http.Header{}, Body: http.NoBody, RemoteAddr: "127.0.0.1:1", ContentLength: -1}
		if body != "" {
			request.Body = httptest.NewRequest("POST", "/", strings.NewReader(body)).Body
		}
		if json {
			request.Header.Set("Accept", "application/json")
		}
		recorder := httptest.NewRecorder()
		s.ServeHTTP(recorder, request.WithContext(t.Context()))
		switch code := recorder.Code; code {
		case 200, 204, 400, 403, 404, 405, 409, 413, 415, 500, 507:
		default:
			t.Fatalf("%s %q %q: %d %s", method, target, body, code, recorder.Body)
		}
		if got := s.do("GET /eureka/status", ""); got.Code != http.StatusOK {
			t.Fatalf("%s %q %q: the next request: %d", method, target, body, got.Code)
		}
	})
}
