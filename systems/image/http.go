package image

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"cleave/history"
	"cleave/world"
)

// call is a Call that can be made.
type call struct {
	method         string
	path, body     words
	headers        []header
	answers        rules
	value, version *extract
}

// header is one of a request's, its value a template.
type header struct {
	name  string
	value words
}

// compile makes calls of all functions, and tries their templates.
func (h HTTP) compile() (map[history.Function]*call, error) {
	const where = "client.http."
	if len(h.Functions) == 0 {
		return nil, wrong{where + "functions", errors.New("no function is mapped")}
	}
	shared, err := compileRules(where+"answers", h.Answers)
	if err != nil {
		return nil, err
	}
	common, err := compileHeaders(where+"headers", h.Headers)
	if err != nil {
		return nil, err
	}
	calls := map[history.Function]*call{}
	for _, name := range slices.Sorted(maps.Keys(h.Functions)) {
		made, err := h.Functions[name].compile(where + "functions." + name)
		if err != nil {
			return nil, err
		}
		made.headers = append(slices.Clone(common), made.headers...)
		if made.answers = append(made.answers, shared...); len(made.answers) == 0 {
			made.answers = usualRules
		}
		if err := h.Functions[name].fits(made, history.Function(name)); err != nil {
			return nil, wrong{where + "functions." + name, err}
		}
		calls[history.Function(name)] = made
	}
	return calls, nil
}

// fits tells what keeps a call from being a function's. What is not said here would be taken for the better.
func (c Call) fits(made *call, function history.Function) error {
	switch {
	case !function.Mutates() && c.Value == nil:
		return errors.New("value is not said: it would read nothing, whatever there is")
	case function == history.CAS && !c.asksAbsent():
		return errors.New("it does not say what is asked when nothing is expected: {{if .Absent}}...{{else}}...{{end}}")
	}
	return made.try(function)
}

// asksAbsent tells whether a call makes a difference where nothing is expected.
func (c Call) asksAbsent() bool {
	all := c.Path + c.Body
	for _, name := range slices.Sorted(maps.Keys(c.Headers)) {
		all += c.Headers[name]
	}
	return strings.Contains(all, ".Absent")
}

func (c Call) compile(where string) (*call, error) {
	made := &call{method: c.Method}
	if made.method == "" {
		made.method = http.MethodGet
	}
	var err error
	if made.path, err = parseWords(c.Path); err != nil {
		return nil, wrong{where + ".path", err}
	}
	if made.body, err = parseWords(c.Body); err != nil {
		return nil, wrong{where + ".body", err}
	}
	if made.headers, err = compileHeaders(where+".headers", c.Headers); err != nil {
		return nil, err
	}
	if made.answers, err = compileRules(where+".answers", c.Answers); err != nil {
		return nil, err
	}
	if made.value, err = c.Value.compile(); err != nil {
		return nil, wrong{where + ".value", err}
	}
	if made.version, err = c.Version.compile(); err != nil {
		return nil, wrong{where + ".version", err}
	}
	return made, nil
}

func compileHeaders(where string, all map[string]string) (made []header, err error) {
	for _, name := range slices.Sorted(maps.Keys(all)) {
		value, err := parseWords(all[name])
		if err != nil {
			return nil, wrong{where + "." + name, err}
		}
		made = append(made, header{name, value})
	}
	return made, nil
}

func compileRules(where string, all []Answer) (made rules, err error) {
	for i, each := range all {
		when, err := each.When.compile()
		if err != nil {
			return nil, wrong{fmt.Sprintf("%s.%d.when", where, i), err}
		}
		made = append(made, rule{each, when})
	}
	return made, nil
}

// try makes the requests of sample operations.
func (c *call) try(function history.Function) error {
	for _, sample := range samplesOf(function) {
		data, _ := dataOfCall(sample, "c1", "n1")
		request, err := c.request(context.Background(), "10.64.0.1:80", data)
		if err == nil {
			err = request.Write(io.Discard) // which looks at the headers
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// request makes a request to an address.
func (c *call) request(ctx context.Context, address string, data callData) (*http.Request, error) {
	path, err := makeText(c.path, data)
	if err != nil {
		return nil, fmt.Errorf("path: %w", err)
	}
	body, err := makeText(c.body, data)
	if err != nil {
		return nil, fmt.Errorf("body: %w", err)
	}
	if len(path) == 0 || path[0] != '/' {
		return nil, fmt.Errorf("path: %.60q does not begin with /", path)
	}
	request, err := http.NewRequestWithContext(ctx, c.method, "http://"+address+path, bytes.NewReader([]byte(body)))
	if err != nil {
		return nil, err
	}
	for _, each := range c.headers {
		value, err := makeText(each.value, data)
		if err != nil {
			return nil, fmt.Errorf("headers: %s: %w", each.name, err)
		}
		request.Header.Set(each.name, value)
	}
	return request, nil
}

// dataOfCall is what the templates of an operation's request see, and whether it is one that can be asked.
func dataOfCall(request history.Request, client, node string) (callData, bool) {
	data := callData{Key: request.Key, Client: client, Node: node}
	value := request.Value
	if request.Function == history.CAS {
		from, to, good := exchange(value)
		if !good {
			return data, false
		}
		data.Absent, value = from.IsNothing(), to
		if !data.Absent {
			data.Expected = from.String()
		}
	}
	if !value.IsNothing() {
		data.Value = value.String()
	}
	return data, true
}

// httpSpeaker asks over HTTP, each operation on a connection of its own: whether anything of it went out is certain
// then, and nothing is ever sent twice, as libraries do on connections that they keep. Redirections are answers.
type httpSpeaker struct {
	client  string
	calls   map[history.Function]*call
	dial    world.Dial
	connect time.Duration
}

// largestAnswer bounds an answer, in bytes.
const largestAnswer = 1 << 20

func (s *httpSpeaker) close() error { return nil }

func (s *httpSpeaker) ask(ctx context.Context, node place, request history.Request) (history.Completion, contact) {
	c := s.calls[request.Function]
	if c == nil {
		return said(node, history.Fail, errorUnsupported)
	}
	data, good := dataOfCall(request, s.client, node.name)
	if !good {
		return said(node, history.Fail, errorBadRequest)
	}
	r, err := c.request(ctx, node.address, data)
	if err != nil {
		return said(node, history.Fail, errorBadRequest+": "+err.Error())
	}
	connection, err := dialWithin(ctx, s.dial, s.connect, node.address)
	if err != nil {
		return refused(errorRefused)
	}
	answer, err := roundTrip(connection, r)
	if err != nil {
		return unknown(ctx)
	}
	return c.judge(node, answer)
}

// dialWithin connects in a time of its own.
func dialWithin(ctx context.Context, dial world.Dial, limit time.Duration, address string) (net.Conn, error) {
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return dial(limited, "tcp", address)
}

// roundTrip sends a request over a connection, once, and reads the whole answer.
func roundTrip(connection net.Conn, r *http.Request) (response, error) {
	transport := &http.Transport{
		DisableKeepAlives: true, // on a connection that is not kept nothing is repeated
		DialContext:       func(context.Context, string, string) (net.Conn, error) { return connection, nil },
	}
	defer func() { _ = connection.Close() }() // if the transport did not come to it
	answer, err := transport.RoundTrip(r)
	if err != nil {
		return response{}, err
	}
	defer func() { _ = answer.Body.Close() }() // read to its end
	body, err := io.ReadAll(io.LimitReader(answer.Body, largestAnswer+1))
	if err == nil && len(body) > largestAnswer {
		err = fmt.Errorf("an answer of more than %d bytes", largestAnswer)
	}
	return newResponse(answer.StatusCode, body), err
}

// judge says what an answer means.
func (c *call) judge(node place, r response) (history.Completion, contact) {
	is, reason := c.answers.meaning(r)
	if reason == "" {
		reason = fmt.Sprintf("status %d", r.status)
	}
	switch is {
	case answerFail:
		return said(node, history.Fail, reason)
	case answerInfo:
		completion, _ := said(node, history.Info, reason)
		return completion, silent
	}
	completion, contact := said(node, history.Ok, "")
	if version, found := c.version.number(r); found {
		completion.Version = int64(version)
	}
	if is == answerNothing || c.value == nil {
		return completion, contact
	}
	text, found := c.value.from(r)
	if !found {
		return said(node, history.Info, errorBadAnswer)
	}
	completion.Value = valueOf(text)
	return completion, contact
}
