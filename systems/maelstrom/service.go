package maelstrom

import (
	"encoding/json"

	"cleave/internal/rng"
	"cleave/world"
)

// services are what nodes may ask (doc/services.md).
var services = []world.Service{
	{Name: "lin-kv", New: func() world.Process { return &service{store: linearKV{}} }},
	{Name: "seq-kv", New: func() world.Process { return &service{store: newSequentialKV()} }},
	{Name: "lww-kv", New: func() world.Process { return &service{store: newEventualKV()} }},
	{Name: "lin-tso", New: func() world.Process { return &service{store: &oracle{}} }},
}

// service answers calls from a store.
type service struct {
	store store
	name  string
	env   world.Environment
	key   uint64            // of what it draws
	calls map[string]uint64 // of each caller, so far
}

// store is what a service has in it. A draw decides what is left open.
type store interface {
	handle(from string, call query, draw uint64) answer
}

// query is the body of a call of a service.
type query struct {
	Type   string          `json:"type"`
	MsgID  json.RawMessage `json:"msg_id"`
	Key    json.RawMessage `json:"key"`
	Value  json.RawMessage `json:"value"`
	From   json.RawMessage `json:"from"`
	To     json.RawMessage `json:"to"`
	Create bool            `json:"create_if_not_exists"` // of cas
}

// answer is the body of what a service answers.
type answer struct {
	Type      string          `json:"type"`
	InReplyTo json.RawMessage `json:"in_reply_to"`
	Value     json.RawMessage `json:"value,omitempty"` // of read_ok
	Stamp     *uint64         `json:"ts,omitempty"`    // of ts_ok
	Code      int             `json:"code,omitempty"`  // of an error
	Text      string          `json:"text,omitempty"`
}

// refusal is the answer that is an error.
func refusal(code int, text string) answer { return answer{Type: "error", Code: code, Text: text} }

// Start begins it. What it draws for a call is a function of the seed, the caller and how often that has called: what others do
// moves nothing.
func (s *service) Start(env world.Environment) {
	s.env, s.name, s.key, s.calls = env, env.Name(), env.Random().Uint64(), map[string]uint64{}
}

// Datagram answers a call. What is no call gets no answer.
func (s *service) Datagram(_ string, payload []byte) {
	message, err := ParseMessage(payload)
	if err != nil {
		return
	}
	var call query
	if err := json.Unmarshal(message.Body, &call); err != nil || call.MsgID == nil {
		return
	}
	s.calls[message.Source]++
	result := s.store.handle(message.Source, call, rng.Mix(s.key, rng.Text(message.Source), s.calls[message.Source]))
	result.InReplyTo = call.MsgID
	s.env.Send(message.Source, messageOf(s.name, message.Source, result).Line())
}

// oracle gives numbers, each greater than all before it.
type oracle struct{ next uint64 }

func (o *oracle) handle(_ string, call query, _ uint64) answer {
	if call.Type != "ts" {
		return unsupported(call)
	}
	stamp := o.next
	o.next++
	return answer{Type: "ts_ok", Stamp: &stamp}
}

func unsupported(call query) answer {
	return refusal(codeNotSupported, "there is no call "+call.Type)
}

// The rest of world.Process: nobody connects.

// Accepted does nothing.
func (*service) Accepted(world.Connection) {}

// Opened does nothing.
func (*service) Opened(world.Connection) {}

// Received does nothing.
func (*service) Received(world.Connection, []byte) {}

// Closed does nothing.
func (*service) Closed(world.Connection, world.CloseReason) {}
