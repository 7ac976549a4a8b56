package node

import "encoding/json"

// Call is something that was said to this node, by a client or another node, and may want an answer.
type Call struct {
	From string // who said it
	Type string // of what it is

	node *Node
	id   *int64 // nil: it wants no answer
	body json.RawMessage
}

// Read reads the body into a struct, as encoding/json does. If it cannot, the call is answered by Malformed and is over.
func (c *Call) Read(into any) bool {
	if err := json.Unmarshal(c.body, into); err != nil {
		c.Refuse(Malformed, err.Error())
		return false
	}
	return true
}

// Reply answers. Nobody hears it if no answer was wanted.
func (c *Call) Reply(kind string, fields Fields) {
	if c.id == nil {
		return
	}
	body := bodyOf(kind, fields)
	body["in_reply_to"] = *c.id
	c.node.print(c.From, body)
}

// Refuse answers by an error.
func (c *Call) Refuse(code Code, text string) {
	c.Reply("error", Fields{"code": code, "text": text})
}

// Pass answers by an error that this node was answered by itself. If there was no answer, there is none now: whoever asks
// finds out in time that nobody knows.
func (c *Call) Pass(failed *Error) {
	if !failed.Has(Timeout) {
		c.Refuse(failed.Code, failed.Text)
	}
}
