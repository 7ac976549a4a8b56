package eurekahttp

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/systems/apregistry"
)

// request is one and the code that answers it.
type request struct {
	target, body string
	code         int
}

// everyCall is every call, in the order in which they are made.
func everyCall() []request {
	return []request{
		{"GET /eureka/v2/apps", "", 200},
		{"GET /eureka/apps/", "", 200},
		{"GET /eureka/apps/delta", "", 200},
		{"GET /eureka/apps/SHOP", "", 404},
		{"GET /eureka/vips/v", "", 404},
		{"GET /eureka/svips/v", "", 404},
		{"PUT /eureka/apps/SHOP/i1", "", 404},
		{"PUT /eureka/apps/SHOP/i1/status?value=NONSENSE", "", 404},
		{"POST /eureka/apps/SHOP", registration("other", "i1", ""), 400},
		{"POST /eureka/apps/SHOP", `{"instance":{}}`, 400},
		{"POST /eureka/apps/SHOP", `{"instance":`, 400},
		{"POST /eureka/apps/SHOP", "", 400},
		{"POST /eureka/apps/SHOP", "<instance><app>SHOP</app>", 400},
		{"POST /eureka/apps/shop", registration("shop", "i1", ""), 204},
		{"POST /eureka/v2/apps/SHOP", registration("shop", "i1", ""), 204},
		{"GET /eureka/apps/shop/i1", "", 200},
		{"HEAD /eureka/apps/shop/i1", "", 200},
		{"GET /eureka/instances/i1", "", 200},
		{"GET /eureka/instances/i2", "", 404},
		{"PUT /eureka/apps/SHOP/i1", "", 200},
		{"PUT /eureka/apps/SHOP/i1?status=UP&lastDirtyTimestamp=1", "", 200},
		{"PUT /eureka/apps/SHOP/i1?status=UP&lastDirtyTimestamp=9000000000000", "", 404},
		{"PUT /eureka/apps/SHOP/i1?lastDirtyTimestamp=x", "", 400},
		{"PUT /eureka/apps/SHOP/i1/status?value=OUT_OF_SERVICE", "", 200},
		{"PUT /eureka/apps/SHOP/i1/status?value=out_of_service", "", 500},
		{"PUT /eureka/apps/SHOP/i1/status", "", 500},
		{"DELETE /eureka/apps/SHOP/i1/status?value=NONSENSE", "", 500},
		{"DELETE /eureka/apps/SHOP/i1/status?value=UP", "", 200},
		{"DELETE /eureka/apps/SHOP/i2/status", "", 404},
		{"PUT /eureka/apps/SHOP/i1/metadata?colour=red", "", 200},
		{"PUT /eureka/apps/SHOP/i2/metadata?colour=red", "", 404},
		{"PUT /eureka/apps/SHOP/i1/status?value=DOWN", "", 200},
		{"DELETE /eureka/apps/SHOP/i1/status", "", 200},
		{"PUT /eureka/apps/SHOP/i1", "", 404}, // without a status it must register again
		{"DELETE /eureka/apps/SHOP/i1", "", 200},
		{"DELETE /eureka/apps/SHOP/i1", "", 404},
		{"PUT /eureka/asg/a/status?value=ENABLED", "", 400},
		{"GET /eureka/status", "", 200},
		{"POST /eureka/peerreplication/batch/", `{"replicationList":[]}`, 200},
		{"POST /eureka/peerreplication/batch/", `{"replicationList":[{}]}`, 400},
		{"POST /eureka/peerreplication/batch/", `no`, 400},
		{"POST /eureka/peerreplication/exchange", `no`, 400},
		{"GET /eureka/peerreplication/exchange", "", 405},
		{"OPTIONS /eureka/peerreplication/exchange", "", 200},
		{"PATCH /eureka/apps", "", 405},
		{"OPTIONS /eureka/apps", "", 200},
		{"GET /eureka/nothing", "", 404},
		{"GET /", "", 200},
		{"POST /", "", 405},
		{"GET /metrics", "", 200},
		{"DELETE /metrics", "", 405},
		{"GET /favicon.ico", "", 404},
	}
}

func TestCodes(t *testing.T) {
	s := serve(t, nil)
	for _, each := range everyCall() {
		got := s.do(each.target, each.body)
		require.Equal(t, each.code, got.Code, "%s: %s", each.target, got.Body)
		if each.code >= 400 {
			require.LessOrEqual(t, got.Body.Len(), 300)
			require.Equal(t, 1, strings.Count(got.Body.String(), "\n"), "one line")
			require.Contains(t, got.Header().Get("Content-Type"), "text/plain")
		}
		if each.code == 405 {
			require.NotEmpty(t, got.Header().Get("Allow"))
		}
	}
}

// A peer whose copy is older is sent ours; a client with an older one just goes on.
func TestConflict(t *testing.T) {
	s := serve(t, nil)
	s.register(t, "SHOP", "i1")
	const old = "PUT /eureka/apps/SHOP/i1?lastDirtyTimestamp=1"
	require.Equal(t, http.StatusOK, s.do(old, "").Code)
	got := s.do(old, "", "x-netflix-discovery-replication: true", asJSON, "DiscoveryIdentity-Name: x")
	require.Equal(t, http.StatusConflict, got.Code)
	require.Contains(t, got.Body.String(), `{"instance":{"instanceId":"i1"`)
	batch := `{"replicationList":[{"appName":"SHOP","id":"i1","lastDirtyTimestamp":1,"action":"Heartbeat"},` +
		`{"appName":"SHOP","id":"i2","action":"Heartbeat"},{"appName":"SHOP","id":"i3","action":"Register"},` +
		`{"appName":"SHOP","id":"i4","action":"Register","instanceInfo":{"instanceId":"i4"}},` +
		`{"appName":"SHOP","id":"i1","action":"Cancel"}]}`
	got = s.do("POST /eureka/peerreplication/batch/", batch)
	require.Equal(t, http.StatusOK, got.Code)
	require.Regexp(t, `^\{"responseList":\[\{"statusCode":409,"responseEntity":\{"instanceId":"i1".*\}\},\{"statusCode":404\},`+
		`\{"statusCode":500\},\{"statusCode":200\},\{"statusCode":200\}\]\}$`, got.Body.String())
}

// Lists come in the format and the packing that are asked for, and are written once for each version.
func TestLists(t *testing.T) {
	s := serve(t, nil)
	s.register(t, "A", "i1")
	s.register(t, "B", "i2")
	s.eventually(t, "GET /eureka/apps", `"i2"`)
	plain := s.do("GET /eureka/apps", "", asJSON)
	require.Equal(t, "application/json", plain.Header().Get("Content-Type"))
	require.Contains(t, plain.Body.String(), `"versions__delta":"1","apps__hashcode":"UP_2_"`)
	packed := s.do("GET /eureka/apps", "", asJSON, "Accept-Encoding: deflate, gzip;q=0.5")
	require.Equal(t, "gzip", packed.Header().Get("Content-Encoding"))
	reader, err := gzip.NewReader(packed.Body)
	require.NoError(t, err)
	unpacked, err := io.ReadAll(reader)
	require.NoError(t, err)
	require.Equal(t, plain.Body.String(), string(unpacked))
	require.Empty(t, s.do("GET /eureka/apps", "", asJSON, "Accept-Encoding: gzip;q=0").Header().Get("Content-Encoding"))
	xml := s.do("GET /eureka/apps", "", "Accept: text/html, */*")
	require.Equal(t, "application/xml", xml.Header().Get("Content-Type"))
	require.True(t, bytes.HasPrefix(xml.Body.Bytes(), []byte("<applications>")))

	compact := s.do("GET /eureka/apps", "", asJSON, "X-Eureka-Accept: compact")
	require.Less(t, compact.Body.Len(), plain.Body.Len())
	require.NotContains(t, compact.Body.String(), "securePort")
	require.Contains(t, compact.Body.String(), `"hostName"`)

	name := listName{action: apregistry.ActionGetAll}
	before := &s.lists.page(name).plain[0]
	s.do("GET /eureka/apps", "", asJSON)
	require.Same(t, before, &s.lists.page(name).plain[0], "not written again")
	s.register(t, "C", "i3")
	s.eventually(t, "GET /eureka/apps", `"i3"`)
	s.eventually(t, "GET /eureka/vips/v", `"i3"`)
	s.eventually(t, "GET /eureka/apps/delta", `"actionType":"ADDED"`)
	require.Equal(t, http.StatusOK, s.do("DELETE /eureka/apps/C/i3", "").Code)
	require.Eventually(t, func() bool { return s.do("GET /eureka/apps/C", "").Code == http.StatusNotFound }, 10*time.Second, 5*time.Millisecond)
	require.NotContains(t, s.lists.pages, listName{action: apregistry.ActionGetApp, name: "C"})
}

// The lists that are kept written out are bounded, whatever is asked for.
func TestListsAreBounded(t *testing.T) {
	var l lists
	for i := range 3 * mostLists {
		l.page(listName{name: fmt.Sprint(i)})
	}
	require.LessOrEqual(t, len(l.pages), mostLists)
}

func TestBodiesAreBounded(t *testing.T) {
	s := serve(t, func(_ *apregistry.Options, o *Options) { o.MaxBody, o.MaxBatch = 1000, 2000 })
	long := registration("SHOP", "i1", `,"metadata":{"a":"`+strings.Repeat("x", 1000)+`"}`)
	require.Equal(t, http.StatusRequestEntityTooLarge, s.do("POST /eureka/apps/SHOP", long).Code)
	require.Equal(t, http.StatusBadRequest, s.do("POST /eureka/peerreplication/batch/", strings.Repeat(" ", 1500)).Code)
	require.Equal(t, http.StatusRequestEntityTooLarge, s.do("POST /eureka/peerreplication/batch/", strings.Repeat(" ", 2001)).Code)
	require.Equal(t, http.StatusUnsupportedMediaType, s.do("POST /eureka/apps/SHOP", "x", "Content-Encoding: br").Code)
	require.Equal(t, http.StatusBadRequest, s.do("POST /eureka/apps/SHOP", "x", "Content-Encoding: gzip").Code)
	good := registration("SHOP", "i1", "")
	require.Equal(t, http.StatusNoContent, s.do("POST /eureka/apps/SHOP", string(pack([]byte(good))), "Content-Encoding: gzip").Code)
	bomb := string(pack([]byte(strings.Repeat(" ", 1_000_000))))
	require.Less(t, len(bomb), 2000)
	require.Equal(t, http.StatusRequestEntityTooLarge, s.do("POST /eureka/peerreplication/batch/", bomb, "Content-Encoding: gzip").Code)
	require.Equal(t, http.StatusUnsupportedMediaType, s.do("POST /eureka/apps/SHOP", good, "Content-Type: text/plain;charset=UTF-8").Code)
	require.Equal(t, http.StatusNoContent, s.do("POST /eureka/apps/SHOP", good, "Content-Type: Application/JSON; charset=UTF-8").Code)
	endless, err := http.NewRequest(http.MethodPost, s.url+"/eureka/apps/SHOP", io.MultiReader(strings.NewReader(long))) // of unknown length
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(endless)
	require.NoError(t, err)
	_ = response.Body.Close()
	require.Equal(t, http.StatusRequestEntityTooLarge, response.StatusCode)
}

// Bodies that do not end are bounded all together, and their memory comes back.
func TestBodiesAreBoundedTogether(t *testing.T) {
	s := serve(t, func(_ *apregistry.Options, o *Options) { o.MaxHeld = 10_000 })
	var writers []*io.PipeWriter
	answers := make(chan int, 10)
	for range 10 {
		reader, writer := io.Pipe()
		writers = append(writers, writer)
		go func() {
			response, err := http.Post(s.url+"/eureka/apps/SHOP", "application/json", reader)
			if err != nil {
				answers <- 0
				return
			}
			_ = response.Body.Close()
			answers <- response.StatusCode
		}()
	}
	for _, writer := range writers {
		go func() { _, _ = writer.Write(bytes.Repeat([]byte(" "), 2000)) }()
	}
	require.Equal(t, http.StatusServiceUnavailable, <-answers)
	for _, writer := range writers {
		_ = writer.Close()
	}
	for range 9 {
		<-answers
	}
	require.Eventually(t, func() bool { return s.held.Load() == 0 }, 10*time.Second, time.Millisecond)
	s.register(t, "SHOP", "i1")
}

func TestABatchOfTooManyTasks(t *testing.T) {
	s := serve(t, nil)
	task := `{"appName":"A","id":"i","action":"Cancel"}`
	batch := func(count int) string {
		return `{"replicationList":[` + strings.TrimSuffix(strings.Repeat(task+",", count), ",") + `]}`
	}
	require.Equal(t, http.StatusOK, s.do("POST /eureka/peerreplication/batch/", batch(mostTasks)).Code)
	require.Equal(t, http.StatusRequestEntityTooLarge, s.do("POST /eureka/peerreplication/batch/", batch(mostTasks+1)).Code)
}

// A registry that is full refuses who is new, and nobody else.
func TestAFullRegistry(t *testing.T) {
	s := serve(t, func(o *apregistry.Options, _ *Options) { o.MaxInstances = 2 })
	s.register(t, "A", "i1")
	s.register(t, "A", "i2")
	got := s.do("POST /eureka/apps/A", registration("A", "i3", ""))
	require.GreaterOrEqual(t, got.Code, 500, got.Body.String())
	s.register(t, "A", "i2")
	require.Equal(t, http.StatusOK, s.do("PUT /eureka/apps/A/i1", "").Code)
	require.Equal(t, http.StatusOK, s.do("DELETE /eureka/apps/A/i1", "").Code)
	s.register(t, "A", "i3")
}

// A node that boots, or fetched nobody, says so.
func TestBootIsTold(t *testing.T) {
	s := serve(t, func(o *apregistry.Options, _ *Options) { o.WaitWhenSyncEmpty = time.Hour })
	require.Equal(t, http.StatusForbidden, s.do("GET /eureka/apps", "").Code)
	require.Equal(t, "the registry may not be read yet\n", s.do("GET /eureka/apps/delta", "").Body.String())
	s.register(t, "A", "i1")
	require.Contains(t, s.do("GET /", "").Body.String(), "The registry may not be read yet")
	s = serve(t, func(o *apregistry.Options, _ *Options) { o.NoDelta = true })
	require.Equal(t, http.StatusForbidden, s.do("GET /eureka/apps/delta", "").Code)
}

func TestAcceptsGzip(t *testing.T) {
	for header, want := range map[string]bool{"": false, "gzip": true, "br, gzip": true, "*": true, "gzip;q=0": false, "gzip; q=0.0": false,
		"gzip;q=0.3": true, "identity": false, "gzip;q=1": true} {
		require.Equal(t, want, acceptsGzip(header), header)
	}
}
