package maelstrom

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"cleave/history"
)

// dialects say how the requests of each workload are put to nodes, as Maelstrom does it.
var dialects = map[string]phrases{
	"echo":       {history.Echo: {kind: "echo", ask: said("echo"), hear: heard("echo")}},
	"unique-ids": {history.Generate: {kind: "generate", ask: bare, hear: heard("id")}},
	"broadcast": {
		history.Add:  {kind: "broadcast", ask: said("message"), hear: done},
		history.Read: {kind: "read", ask: bare, hear: heardList("messages")},
	},
	"g-set": {
		history.Add:  {kind: "add", ask: said("element"), hear: done},
		history.Read: {kind: "read", ask: bare, hear: heardList("value")},
	},
	"g-counter":  counterPhrases,
	"pn-counter": counterPhrases,
	"lin-kv": {
		history.Read:  {kind: "read", ask: keyed, hear: heard("value"), absent: true},
		history.Write: {kind: "write", ask: written, hear: done},
		history.CAS:   {kind: "cas", ask: swapped, hear: done},
	},
	"kafka": {
		history.Send:          {kind: "send", ask: sent, hear: heardNumber("offset")},
		history.Poll:          {kind: "poll", ask: offsets, hear: heardMessages},
		history.CommitOffsets: {kind: "commit_offsets", ask: offsets, hear: done},
		history.ListCommitted: {kind: "list_committed_offsets", ask: said("keys"), hear: heardOffsets},
	},
	"txn-list-append": txnPhrases,
	"txn-rw-register": txnPhrases,
}

var (
	counterPhrases = phrases{
		history.Add:  {kind: "add", ask: said("delta"), hear: done},
		history.Read: {kind: "read", ask: bare, hear: heardNumber("value")},
	}
	txnPhrases = phrases{history.Txn: {kind: "txn", ask: said("txn"), hear: heardList("txn")}}
)

// dialectOf makes the dialects of a workload, nil if there is none.
func dialectOf(workload string) func() dialect {
	known, is := dialects[workload]
	if !is {
		return nil
	}
	return func() dialect { return known }
}

// phrases are a dialect in which every function has a call of its own.
type phrases map[history.Function]phrase

// phrase is how one function is put to a node, and how its answer is understood.
type phrase struct {
	kind   string                                                 // the call's "type"; its answer's is that and "_ok"
	ask    func(request history.Request) fields                   // what the call has besides; nil: there is nothing to ask
	hear   func(history.Request, answered) (history.Value, error) // what the answer says
	absent bool                                                   // that there is no such key is an answer, too: nothing
}

// fields are those of a call's body.
type fields map[string]any

// answered are those of an answer's.
type answered map[string]json.RawMessage

func (p phrases) ask(request history.Request, id uint64) any {
	phrase, known := p[request.Function]
	if !known {
		return nil
	}
	body := phrase.ask(request)
	if body == nil {
		return nil
	}
	body["type"], body["msg_id"] = phrase.kind, id
	return body
}

func (p phrases) answer(request history.Request, body []byte) (history.Completion, error) {
	phrase := p[request.Function]
	var answer answered
	if err := json.Unmarshal(body, &answer); err != nil {
		return history.Completion{}, err
	}
	if kind := valueOf(answer["type"]).String(); kind != phrase.kind+"_ok" {
		return history.Completion{}, fmt.Errorf("its type is to be %q", phrase.kind+"_ok")
	}
	value, err := phrase.hear(request, answer)
	return history.Completion{Outcome: history.Ok, Value: value}, err
}

func (p phrases) refused(request history.Request, code int) (history.Completion, bool) {
	return history.Completion{Outcome: history.Ok}, code == codeNoKey && p[request.Function].absent
}

func bare(history.Request) fields { return fields{} }

// said has the request's value in one field.
func said(field string) func(history.Request) fields {
	return func(request history.Request) fields { return fields{field: request.Value} }
}

// keyed names the key: a number if it is one, as Maelstrom's are.
func keyed(request history.Request) fields {
	if number, err := strconv.Atoi(request.Key); err == nil {
		return fields{"key": number}
	}
	return fields{"key": request.Key}
}

func written(request history.Request) fields {
	body := keyed(request)
	body["value"] = request.Value
	return body
}

func swapped(request history.Request) fields {
	body := keyed(request)
	if change, _ := request.Value.AsList(); len(change) == 2 {
		body["from"], body["to"] = change[0], change[1]
	}
	return body
}

func sent(request history.Request) fields { return fields{"key": request.Key, "msg": request.Value} }

// offsets are those of logs, as an object. Without any there is nothing to ask.
func offsets(request history.Request) fields {
	list, _ := request.Value.AsList()
	all := map[string]history.Value{}
	for _, entry := range list {
		if pair, _ := entry.AsList(); len(pair) == 2 {
			all[pair[0].String()] = pair[1]
		}
	}
	if len(all) == 0 {
		return nil
	}
	return fields{"offsets": all}
}

func done(history.Request, answered) (history.Value, error) { return history.Nothing, nil }

// heard is what a field of the answer says.
func heard(field string) func(history.Request, answered) (history.Value, error) {
	return func(_ history.Request, answer answered) (history.Value, error) {
		text, has := answer[field]
		if !has {
			return history.Nothing, fmt.Errorf("it has no %q", field)
		}
		return valueOf(text), nil
	}
}

func heardList(field string) func(history.Request, answered) (history.Value, error) {
	return func(request history.Request, answer answered) (history.Value, error) {
		value, err := heard(field)(request, answer)
		if _, isList := value.AsList(); err == nil && !isList {
			err = fmt.Errorf("its %q is no array", field)
		}
		return value, err
	}
}

func heardNumber(field string) func(history.Request, answered) (history.Value, error) {
	return func(request history.Request, answer answered) (history.Value, error) {
		value, err := heard(field)(request, answer)
		if _, isNumber := value.AsInteger(); err == nil && !isNumber {
			err = fmt.Errorf("its %q is no integer", field)
		}
		return value, err
	}
}

// heardMessages are what a poll was given, log by log: [log [[offset value] ...]].
func heardMessages(_ history.Request, answer answered) (history.Value, error) {
	var logs map[string][][]json.RawMessage
	if err := json.Unmarshal(answer["msgs"], &logs); err != nil || logs == nil {
		return history.Nothing, fmt.Errorf("its \"msgs\" is no object of arrays of pairs")
	}
	all := make([]history.Value, 0, len(logs))
	for _, log := range slices.Sorted(maps.Keys(logs)) {
		messages := make([]history.Value, 0, len(logs[log]))
		for _, pair := range logs[log] {
			if len(pair) != 2 {
				return history.Nothing, fmt.Errorf("a message of %.40q is no pair", log)
			}
			offset := valueOf(pair[0])
			if _, isNumber := offset.AsInteger(); !isNumber {
				return history.Nothing, fmt.Errorf("an offset of %.40q is no integer", log)
			}
			messages = append(messages, history.List(offset, valueOf(pair[1])))
		}
		all = append(all, history.List(history.Text(log), history.List(messages...)))
	}
	return history.List(all...), nil
}

// heardOffsets are those of some logs: [log offset].
func heardOffsets(_ history.Request, answer answered) (history.Value, error) {
	var logs map[string]int64
	if err := json.Unmarshal(answer["offsets"], &logs); err != nil || logs == nil {
		return history.Nothing, fmt.Errorf("its \"offsets\" is no object of integers")
	}
	all := make([]history.Value, 0, len(logs))
	for _, log := range slices.Sorted(maps.Keys(logs)) {
		all = append(all, history.List(history.Text(log), history.Integer(logs[log])))
	}
	return history.List(all...), nil
}

// valueOf is any JSON as a value: what is neither null nor an integer, a string or an array is the text of itself.
func valueOf(text json.RawMessage) history.Value {
	var list []json.RawMessage
	if bytes.HasPrefix(text, []byte("[")) && json.Unmarshal(text, &list) == nil {
		values := make([]history.Value, len(list))
		for i := range list {
			values[i] = valueOf(list[i])
		}
		return history.List(values...)
	}
	var value history.Value
	if len(text) > 0 && value.UnmarshalJSON(text) == nil {
		return value
	}
	return history.Text(canonical(text))
}
