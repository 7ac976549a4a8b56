package raftkv

import (
	"encoding/json"

	"cleave/cleavetest"
	"cleave/history"
)

// Ask is the message that asks a node for something.
func Ask(r history.Request) []byte {
	request := Request{Key: r.Key, Read: r.Function == history.Read}
	switch r.Function {
	case history.Read:
	case history.Write:
		request.New, _ = r.Value.AsInteger()
	case history.CAS:
		change, _ := r.Value.AsList()
		request.Swap = true
		request.Old, _ = change[0].AsInteger()
		request.New, _ = change[1].AsInteger()
	default:
		return nil
	}
	text, err := json.Marshal(request)
	must(err)
	return text
}

// Answer says what a node's reply means.
func Answer(_ history.Request, text []byte) cleavetest.Answer {
	var reply Reply
	switch err := json.Unmarshal(text, &reply); {
	case err != nil:
		return cleavetest.Unsure(err.Error())
	case reply.Nobody, reply.Leader != "":
		return cleavetest.Elsewhere(reply.Leader)
	case reply.Differs:
		return cleavetest.Differs()
	case reply.Value != nil:
		return cleavetest.Ok(history.Integer(*reply.Value))
	}
	return cleavetest.Ok(history.Nothing)
}
