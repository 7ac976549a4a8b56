package probe

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"cleave/history"
)

// Errors that completions carry, besides the reasons of world.CloseReason when a connection has ended.
const (
	NoAnswer = "no answer" // the client has waited for its timeout
	TimedOut = "timeout"   // the node asked has answered: its peer did not in time
	Wrong    = "wrong"     // its beginning: messages came back damaged, twice or out of turn. Also the kind of a note that says so
)

// Timeout is how long a client waits for an answer; for that to a Ping it waits Pings.Patience longer.
const Timeout = 1500 * time.Millisecond

// Write asks a node to keep a value and to answer when it is durable.
func Write(node, value string) history.Request {
	return history.Request{Function: history.Write, Key: node, Value: history.Text(value)}
}

// WriteUnsynced asks a node to keep a value and to answer at once: a loss of power loses it.
func WriteUnsynced(node, value string) history.Request {
	return history.Request{Function: history.Register, Key: node, Value: history.Text(value)}
}

// Read asks a node for its value: a text, "" if none was written.
func Read(node string) history.Request { return history.Request{Function: history.Read, Key: node} }

// Lead has a node lead in a term, or not lead, if the term is 0, until it ends.
func Lead(node string, term uint64) history.Request {
	return history.Request{Function: history.Own, Key: node, Value: history.Integer(int64(term))}
}

// Clock asks the client itself for its wall clock: an integer, nanoseconds since 1970.
func Clock() history.Request { return history.Request{Function: history.Home} }

// Out asks a node who is not to be a member of the cluster, by what it was told: a list of nodes, or nothing.
func Out(node string) history.Request { return history.Request{Function: history.Owners, Key: node} }

// Look asks a node about itself: see SightOf.
func Look(node string) history.Request { return history.Request{Function: history.Stat, Key: node} }

// Sight is what a node says of itself.
type Sight struct {
	Clock time.Duration    // its wall clock, since 1970
	Life  int64            // which of its lives it is in, from 1, as its disk has it
	Born  int64            // how often it had become another member, by what it knew when this life began
	Heard map[string]int64 // how many pings of each peer it has heard in this life
	Anew  map[string]int64 // how often each node has become another member, by what it was told
}

// SightOf reads the completion of a Look. It errors if the completion is no such thing.
func SightOf(completion history.Completion) (Sight, error) {
	sight := Sight{Heard: map[string]int64{}, Anew: map[string]int64{}}
	list, _ := completion.Value.AsList()
	if len(list) < 3 || len(list)%3 != 0 {
		return sight, fmt.Errorf("probe: %s is no sight of a node", completion.Value)
	}
	clock, _ := list[0].AsInteger()
	sight.Clock = time.Duration(clock)
	sight.Life, _ = list[1].AsInteger()
	sight.Born, _ = list[2].AsInteger()
	for at := 3; at < len(list); at += 3 {
		name, _ := list[at].AsText()
		sight.Heard[name], _ = list[at+1].AsInteger()
		sight.Anew[name], _ = list[at+2].AsInteger()
	}
	return sight, nil
}

// Pings are messages to a peer that are sent at once, and are to come back.
type Pings struct {
	Peer     string
	Count    int           // how many, default 1
	Size     int           // bytes of each, besides a few
	Patience time.Duration // until the last must be back, default 1 s
}

// Ping asks a node to ping one of its peers: see EchoOf. It completes with Fail and TimedOut when the peer
// does not answer in time, and with Wrong when it answers what it was not sent.
func Ping(node string, pings Pings) history.Request {
	pings = pings.withDefaults()
	return history.Request{Function: history.Lookup, Key: node, Value: history.List(history.Text(pings.Peer), history.Integer(int64(pings.Count)),
		history.Integer(int64(pings.Size)), history.Integer(int64(pings.Patience)))}
}

func (p Pings) withDefaults() Pings {
	if p.Count == 0 {
		p.Count = 1
	}
	if p.Patience == 0 {
		p.Patience = time.Second
	}
	return p
}

// Echo is what a node says of pings that came back.
type Echo struct {
	Took  time.Duration // from the request's arrival until the last was back, by the node's monotonic clock
	Dials int64         // how often the node has dialled this peer in its life
}

// EchoOf reads the completion of a Ping. It errors if the completion is no such thing.
func EchoOf(completion history.Completion) (Echo, error) {
	list, _ := completion.Value.AsList()
	if len(list) != 2 {
		return Echo{}, fmt.Errorf("probe: %s is no echo", completion.Value)
	}
	took, _ := list[0].AsInteger()
	dials, _ := list[1].AsInteger()
	return Echo{time.Duration(took), dials}, nil
}

// text is a request's value on the wire: a text as it is, elements of a list with spaces between.
func text(value history.Value) string {
	switch list, is := value.AsList(); {
	case value.IsNothing():
		return ""
	case is:
		words := make([]string, len(list))
		for i, each := range list {
			words[i] = each.String()
		}
		return strings.Join(words, " ")
	}
	return value.String()
}

// result is a value from the wire.
func result(function history.Function, text string) history.Value {
	switch {
	case function == history.Read:
		return history.Text(text)
	case text == "":
		return history.Nothing
	}
	var list []history.Value
	for _, word := range strings.Fields(text) {
		if number, err := strconv.ParseInt(word, 10, 64); err == nil {
			list = append(list, history.Integer(number))
		} else {
			list = append(list, history.Text(word))
		}
	}
	return history.List(list...)
}

// pingsOf reads the text of a Ping.
func pingsOf(text string) (p Pings, good bool) {
	_, err := fmt.Sscanf(text, "%s %d %d %d", &p.Peer, &p.Count, &p.Size, &p.Patience)
	return p, err == nil
}
