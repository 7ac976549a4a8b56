package eurekahttp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"cleave/systems/apregistry"
	"cleave/systems/eurekawire"
)

// Ask puts a message before a node and gives its answer. It is what world/host calls Ask.
type Ask = func(ctx context.Context, remote string, message []byte) ([]byte, error)

// Options are what the node's own options do not say.
type Options struct {
	Name        string // of the node
	Environment string // for the dashboard, such as "test"
	DataCenter  string // for the dashboard, such as "default"
	MaxBody     int64  // bytes of a request's body, 1 MiB if 0
	MaxBatch    int64  // bytes of a peer's batch, 10 MiB if 0
	MaxHeld     int64  // bytes of all bodies that are being read or worked on, 256 MiB if 0; beyond, requests end with 503
	// Patience is how long the node may take for an answer, 10 s if 0; then the request ends with 503.
	Patience time.Duration
}

// replicationHeader marks what a peer tells.
const replicationHeader = "X-Netflix-Discovery-Replication"

// Handler answers Eureka's requests with what a node says. It is safe for concurrent use.
type Handler struct {
	options Options
	ask     Ask
	lists   lists
	held    atomic.Int64      // bytes of bodies
	answers [600]atomic.Int64 // by status code
}

// New makes a handler.
func New(options Options, ask Ask) *Handler {
	if options.MaxBody == 0 {
		options.MaxBody = 1 << 20
	}
	if options.MaxBatch == 0 {
		options.MaxBatch = 10 << 20
	}
	if options.MaxHeld == 0 {
		options.MaxHeld = 256 << 20
	}
	if options.Patience == 0 {
		options.Patience = 10 * time.Second
	}
	return &Handler{options: options, ask: ask}
}

// ServeHTTP answers one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &conversation{handler: h, writer: w, request: r}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	defer func() { h.held.Add(-c.held) }()
	c.answer()
	if c.code >= 100 && c.code < len(h.answers) {
		h.answers[c.code].Add(1)
	}
}

// conversation is one request and its answer.
type conversation struct {
	handler *Handler
	writer  http.ResponseWriter
	request *http.Request
	call    eurekawire.Call
	code    int
	held    int64 // bytes of its body
}

func (c *conversation) answer() {
	switch path := c.request.URL.EscapedPath(); path {
	case "/", "/metrics":
		if method := c.request.Method; method != http.MethodGet && method != http.MethodHead {
			c.refuseMethod("GET", fmt.Sprintf("%.40q is not for %s", method, path))
			return
		}
		if path == "/" {
			c.dashboard()
			return
		}
		c.metrics()
	case exchangePathNetflix, exchangePathSpring:
		if c.request.Method != http.MethodPost {
			c.refuseMethod("POST", "an exchange is a POST")
			return
		}
		c.passOn()
	default:
		call, err := eurekawire.Parse(c.request.Method, path, c.request.URL.RawQuery)
		if err != nil {
			c.fail(err)
			return
		}
		c.call = call
		c.serve()
	}
}

// serve answers one of Eureka's calls.
func (c *conversation) serve() {
	call := &c.call
	switch call.Kind {
	case eurekawire.ListAll, eurekawire.ListDelta, eurekawire.ReadApp, eurekawire.ReadVIP, eurekawire.ReadSecureVIP:
		c.list()
	case eurekawire.ReadInstance:
		c.instance(&apregistry.Request{Action: apregistry.ActionGetInstance, App: call.App, ID: call.ID})
	case eurekawire.ReadByID:
		c.instance(&apregistry.Request{Action: apregistry.ActionGetByID, ID: call.ID})
	case eurekawire.Register:
		c.register()
	case eurekawire.Renew:
		c.renew()
	case eurekawire.Cancel:
		c.simply(&apregistry.Request{Action: apregistry.ActionCancel, App: call.App, ID: call.ID})
	case eurekawire.OverrideStatus, eurekawire.RemoveOverride:
		c.override()
	case eurekawire.PutMetadata:
		c.simply(&apregistry.Request{Action: apregistry.ActionSetMetadata, App: call.App, ID: call.ID, Metadata: call.Metadata})
	case eurekawire.ReplicateBatch:
		c.batch()
	case eurekawire.SetASGStatus:
		c.text(http.StatusBadRequest, "there are no auto scaling groups: this server does not run at Amazon")
	case eurekawire.ReadStatus:
		c.statusPage()
	}
}

// replicated tells whether a peer speaks.
func (c *conversation) replicated() bool { return c.request.Header.Get(replicationHeader) == "true" }

// format is how the answer is to be written.
func (c *conversation) format() eurekawire.Format {
	return eurekawire.AcceptedFormat(c.request.Header.Get("Accept"))
}

// put has the node answer. If it does not, the client is told and ok is false.
func (c *conversation) put(r *apregistry.Request) (answer apregistry.Response, ok bool) {
	r.Replicated = r.Replicated || c.replicated()
	answer, err := c.handler.put(c.request.Context(), c.request.RemoteAddr, r)
	if err != nil {
		c.text(http.StatusServiceUnavailable, err.Error())
		return answer, false
	}
	return answer, true
}

func (h *Handler) put(ctx context.Context, remote string, r *apregistry.Request) (apregistry.Response, error) {
	ctx, cancel := context.WithTimeout(ctx, h.options.Patience)
	defer cancel()
	message, err := h.ask(ctx, remote, r.Append(1, nil))
	if err != nil {
		return apregistry.Response{}, err
	}
	_, answer, err := apregistry.DecodeResponse(message)
	return answer, err
}

// simply answers with the node's code.
func (c *conversation) simply(r *apregistry.Request) {
	if answer, ok := c.put(r); ok {
		c.conclude(&answer)
	}
}

// conclude answers with the node's code and, if it is an error, a line on it.
func (c *conversation) conclude(answer *apregistry.Response) {
	switch {
	case answer.Code < 400:
		c.header(answer.Code, 0)
	case answer.Message != "":
		c.text(answer.Code, answer.Message)
	default:
		c.text(answer.Code, c.reason(answer.Code))
	}
}

// reason says what a code means here.
func (c *conversation) reason(code int) string {
	switch {
	case code == http.StatusForbidden:
		return "the registry may not be read yet"
	case code == http.StatusServiceUnavailable:
		return "the registry is being fetched from the peers"
	case code == http.StatusNotFound && c.call.Kind == eurekawire.Renew:
		return "no such instance, or an older one: register"
	case code == http.StatusNotFound && c.call.VIP != "":
		return fmt.Sprintf("nobody at %.100q", c.call.VIP)
	case code == http.StatusNotFound && c.call.ID == "":
		return fmt.Sprintf("no such application: %.100q", c.call.App)
	case code == http.StatusNotFound:
		return fmt.Sprintf("no such instance: %.100q", c.call.ID)
	}
	return http.StatusText(code)
}

// fail answers with an error of eurekawire's.
func (c *conversation) fail(err error) {
	var refusal *eurekawire.Error
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		c.text(http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is longer than %d bytes", long.Limit))
	case !errors.As(err, &refusal):
		c.text(http.StatusBadRequest, err.Error())
	case refusal.Code == http.StatusMethodNotAllowed:
		c.refuseMethod(refusal.Allow, refusal.Message)
	default:
		c.text(refusal.Code, refusal.Message)
	}
}

// refuseMethod answers a method that a path does not know. OPTIONS asks which it does.
func (c *conversation) refuseMethod(allow, message string) {
	c.writer.Header().Set("Allow", allow+", OPTIONS")
	if c.request.Method == http.MethodOptions {
		c.header(http.StatusOK, 0)
		return
	}
	c.text(http.StatusMethodNotAllowed, message)
}

// text answers with a line.
func (c *conversation) text(code int, line string) {
	c.writer.Header().Set("Content-Type", "text/plain; charset=utf-8")
	c.body(code, []byte(line+"\n"))
}

func (c *conversation) body(code int, body []byte) {
	c.header(code, len(body))
	_, _ = c.writer.Write(body) // the client has gone: it is nobody's loss
}

// header answers with a code, before so many bytes.
func (c *conversation) header(code, size int) {
	c.code = code
	if code != http.StatusNoContent && code != http.StatusNotModified {
		c.writer.Header().Set("Content-Length", strconv.Itoa(size))
	}
	c.writer.WriteHeader(code)
}
