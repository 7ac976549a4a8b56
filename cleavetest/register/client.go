package register

import (
	"encoding/json"

	"cleave/cleavetest"
	"cleave/history"
)

// Ask is the message that asks a node for something: nil to compare and set, which it cannot.
func Ask(r history.Request) []byte {
	value, _ := r.Value.AsInteger()
	switch r.Function {
	case history.Read, history.Write:
		return encoded(Request{Write: r.Function == history.Write, Key: r.Key, Value: value})
	}
	return nil
}

// Answer says what a node's reply means.
func Answer(r history.Request, text []byte) cleavetest.Answer {
	var reply Reply
	if err := json.Unmarshal(text, &reply); err != nil {
		return cleavetest.Unsure(err.Error())
	}
	if r.Function == history.Write || reply.Value == nil {
		return cleavetest.Ok(history.Nothing)
	}
	return cleavetest.Ok(history.Integer(*reply.Value))
}
