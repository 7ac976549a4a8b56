package eurekahttp

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"cleave/systems/apregistry"
	"cleave/systems/eurekawire"
)

// unsupported refuses a body by what its headers say of it.
func unsupported(message string) error {
	return &eurekawire.Error{Code: http.StatusUnsupportedMediaType, Message: message}
}

// read reads the body, up to a limit. Its type, if it says one, must have one of the words in it, as in
// Eureka; so no page in a browser can send one without asking first.
func (c *conversation) read(limit int64, types ...string) ([]byte, error) {
	body, err := c.readWhole(limit, types)
	if err != nil {
		c.writer.Header().Set("Connection", "close") // so that nobody waits for the rest before the answer goes out
	}
	return body, err
}

func (c *conversation) readWhole(limit int64, types []string) ([]byte, error) {
	coding := strings.ToLower(c.request.Header.Get("Content-Encoding"))
	if coding != "" && coding != "identity" && coding != "gzip" {
		return nil, unsupported("a body must not be packed but with gzip")
	}
	kind := strings.ToLower(c.request.Header.Get("Content-Type"))
	if kind != "" && !slices.ContainsFunc(types, func(word string) bool { return strings.Contains(kind, word) }) {
		return nil, unsupported("a body must be " + strings.Join(types, " or "))
	}
	if c.request.ContentLength > limit {
		return nil, &http.MaxBytesError{Limit: limit}
	}
	sent := http.MaxBytesReader(c.writer, c.request.Body, limit)
	if coding == "gzip" {
		unpacked, err := gzip.NewReader(sent)
		if err != nil {
			return nil, &eurekawire.Error{Code: http.StatusBadRequest, Message: "the body is not packed with gzip"}
		}
		sent = http.MaxBytesReader(c.writer, unpacked, limit) // the bound is on what comes out too
	}
	body, err := io.ReadAll(&metered{sent, c})
	var long *http.MaxBytesError
	switch {
	case err == nil, errors.As(err, &long):
	case errors.Is(err, errCrowded):
		err = &eurekawire.Error{Code: http.StatusServiceUnavailable, Message: err.Error()}
	default:
		err = &eurekawire.Error{Code: http.StatusBadRequest, Message: "the body did not come whole"}
	}
	return body, err
}

// errCrowded says that all bodies together are too much.
var errCrowded = errors.New("too many bodies are being read")

// metered counts what is held of all bodies, so that many that never end cost no more than a bound.
type metered struct {
	body  io.Reader
	talks *conversation
}

// Read reads on, unless too much is held already.
func (m *metered) Read(into []byte) (int, error) {
	count, err := m.body.Read(into)
	m.talks.held += int64(count)
	if m.talks.handler.held.Add(int64(count)) > m.talks.handler.options.MaxHeld {
		return count, errCrowded
	}
	return count, err
}

// instance answers with one instance.
func (c *conversation) instance(r *apregistry.Request) {
	answer, ok := c.put(r)
	switch {
	case !ok:
	case answer.Code == http.StatusOK && len(answer.Instances) == 1:
		c.document(http.StatusOK, &answer.Instances[0])
	default:
		c.conclude(&answer)
	}
}

// document answers with an instance.
func (c *conversation) document(code int, instance *eurekawire.Instance) {
	format := c.format()
	c.writer.Header().Set("Content-Type", format.ContentType())
	c.body(code, instance.Encode(format))
}

// register takes a registration.
func (c *conversation) register() {
	body, err := c.read(c.handler.options.MaxBody, "json", "xml")
	if err != nil {
		c.fail(err)
		return
	}
	instance, err := eurekawire.DecodeInstance(eurekawire.BodyFormat(c.request.Header.Get("Content-Type"), body), body)
	if err == nil {
		err = instance.Validate(c.call.App)
	}
	if err != nil {
		c.fail(err)
		return
	}
	instance.App = c.call.App
	c.simply(&apregistry.Request{Action: apregistry.ActionRegister, Instance: &instance})
}

// renew takes a heartbeat. If the node's copy is newer than a peer's, the peer is sent it.
func (c *conversation) renew() {
	call := &c.call
	r := &apregistry.Request{Action: apregistry.ActionRenew, App: call.App, ID: call.ID, LastDirty: call.LastDirty, Stamped: call.Dirty}
	r.Overridden, _ = eurekawire.ParseStatus(call.Overridden)
	r.Status, _ = eurekawire.ParseStatus(call.Status)
	answer, ok := c.put(r)
	switch {
	case !ok:
	case answer.Code == http.StatusConflict && len(answer.Instances) == 1:
		c.document(http.StatusConflict, &answer.Instances[0])
	default:
		c.conclude(&answer)
	}
}

// override sets a status in place of the instance's own, or gives the instance its own back. A word that
// is no status is Eureka's own failure, of code 500, once the instance is found.
func (c *conversation) override() {
	call := &c.call
	r := &apregistry.Request{Action: apregistry.ActionSetStatus, App: call.App, ID: call.ID, LastDirty: call.LastDirty, Stamped: call.Dirty}
	if call.Kind == eurekawire.RemoveOverride {
		r.Action = apregistry.ActionDeleteStatus
	}
	status, known := eurekawire.ParseStatus(call.Value)
	r.Status = status
	if known && string(status) == call.Value || call.Value == "" && r.Action == apregistry.ActionDeleteStatus {
		c.simply(r)
		return
	}
	answer, ok := c.put(&apregistry.Request{Action: apregistry.ActionGetInstance, App: call.App, ID: call.ID})
	switch {
	case !ok:
	case answer.Code == http.StatusOK:
		c.text(http.StatusInternalServerError, fmt.Sprintf("%.40q is no status", call.Value))
	default:
		c.conclude(&answer)
	}
}
