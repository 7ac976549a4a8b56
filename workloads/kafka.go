package workloads

import (
	"cmp"
	"fmt"
	"strconv"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
)

// everyLog is the key of requests about several logs.
const everyLog = "logs"

// Kafka is the workload of logs: clients send messages, poll them in order, and commit how far they have come. Who asks what
// is committed goes on from there.
func Kafka() Workload {
	return Workload{
		Name:     "kafka",
		Summary:  "clients send to logs, poll from where they are, commit how far they are, and go on from what is committed",
		Numbers:  []string{"keys", "writes-per-key"},
		Plan:     planKafka,
		Promises: kafkaPromises,
		Measures: lastAnswers,
	}
}

// endPolls is how often each client polls in the end, so that it comes to the end of every log.
const endPolls = 16

// planKafka plans with places of a pool, and puts logs there in order of time. In the end every client polls all logs there
// were, every other one from the beginning, and asks what is committed.
func planKafka(shape Shape) []Planned {
	logs := newPool(cmp.Or(shape.Keys, 4), cmp.Or(shape.WritesPerKey, 128))
	plan := requested(shape, kafkaKey, func(stream *rng.Stream) history.Request {
		switch draw := stream.Below(20); {
		case draw < 8:
			return history.Request{Function: history.Send, Key: strconv.FormatInt(stream.Below(int64(len(logs.current))), 10)}
		case draw < 15:
			return history.Request{Function: history.Poll, Key: everyLog}
		case draw < 18:
			return history.Request{Function: history.CommitOffsets, Key: everyLog}
		}
		return history.Request{Function: history.ListCommitted, Key: everyLog}
	})
	for i := range plan {
		switch request := &plan[i].Request; request.Function {
		case history.Send:
			at, _ := strconv.Atoi(request.Key)
			log, _ := logs.write(at)
			request.Key = logName(log)
		case history.ListCommitted:
			request.Value = logNames(logs.current)
		default:
			request.Value = offsetsOf(logs.current, history.Nothing)
		}
	}
	all := make([]int, len(logs.written))
	for log := range all {
		all[log] = log
	}
	plan = numbered(plan, history.Send)
	for number, place := range shape.Clients {
		plan = append(plan, inTheEnd(shape, place.Client, pollsToTheEnd(all, number%2 == 0))...)
	}
	return inOrder(plan)
}

// pollsToTheEnd are polls of logs, from the beginning or from where the client is, and a look at what is committed.
func pollsToTheEnd(logs []int, fromBeginning bool) []history.Request {
	var requests []history.Request
	for i := range endPolls {
		from := history.Nothing
		if i == 0 && fromBeginning {
			from = history.Integer(0)
		}
		requests = append(requests, history.Request{Function: history.Poll, Key: everyLog, Value: offsetsOf(logs, from)})
	}
	return append(requests, history.Request{Function: history.ListCommitted, Key: everyLog, Value: logNames(logs)})
}

func logName(log int) string { return fmt.Sprintf("k%d", log) }

func logNames(logs []int) history.Value {
	names := make([]string, len(logs))
	for i, log := range logs {
		names[i] = logName(log)
	}
	return history.Texts(names)
}

func offsetsOf(logs []int, offset history.Value) history.Value {
	offsets := make([]history.Value, len(logs))
	for i, log := range logs {
		offsets[i] = history.List(history.Text(logName(log)), offset)
	}
	return history.List(offsets...)
}

func kafkaPromises(guarantee Guarantee, c Conditions) []Promise {
	return []Promise{
		{"every message has one offset of its own, and polls go through them in order and skip none", checker.LogOffsets{}},
		{"in the end no acknowledged message is missing", checker.LogComplete{Settle: c.Spread, Recovery: c.Recovery}},
		{"no offset is committed that nobody has come to, and in the end none is forgotten",
			checker.Commits{Settle: c.Spread, Recovery: c.Recovery, Throughout: guarantee == Linearizable}},
		served(guarantee, c), sound(),
	}
}

// positions fills in where a client is in each log that has no offset, and goes there in those that have one.
func (g *Generator) positions(client string, asked history.Value) history.Value {
	list, _ := asked.AsList()
	filled := make([]history.Value, 0, len(list))
	for _, entry := range list {
		log, offset := logAnd(entry)
		at := place{client, log}
		if number, isNumber := offset.AsInteger(); isNumber {
			g.next[at] = number
		}
		filled = append(filled, history.List(history.Text(log), history.Integer(g.next[at])))
	}
	return history.List(filled...)
}

// dealtWith are the offsets up to which a client has polled, of the logs of which it has polled anything.
func (g *Generator) dealtWith(client string, asked history.Value) history.Value {
	list, _ := asked.AsList()
	filled := make([]history.Value, 0, len(list))
	for _, entry := range list {
		log, _ := logAnd(entry)
		if next := g.next[place{client, log}]; next > 0 {
			filled = append(filled, history.List(history.Text(log), history.Integer(next-1)))
		}
	}
	return history.List(filled...)
}

// polled takes a client behind the last message that it was given of each log.
func (g *Generator) polled(client string, given history.Value) {
	list, _ := given.AsList()
	for _, entry := range list {
		log, messages := logAnd(entry)
		pairs, _ := messages.AsList()
		for _, pair := range pairs {
			if message, _ := pair.AsList(); len(message) == 2 {
				offset, _ := message[0].AsInteger()
				g.next[place{client, log}] = max(g.next[place{client, log}], offset+1)
			}
		}
	}
}

// assigned takes a client behind what is committed of each log that is listed.
func (g *Generator) assigned(client string, listed history.Value) {
	list, _ := listed.AsList()
	for _, entry := range list {
		log, committed := logAnd(entry)
		if offset, isNumber := committed.AsInteger(); isNumber {
			g.next[place{client, log}] = offset + 1
		}
	}
}

// logAnd is a log and what is said of it.
func logAnd(entry history.Value) (log string, value history.Value) {
	pair, _ := entry.AsList()
	if len(pair) != 2 {
		return "", history.Nothing
	}
	log, _ = pair[0].AsText()
	return log, pair[1]
}
