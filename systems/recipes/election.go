package recipes

import (
	"fmt"
	"strconv"
	"strings"

	"cleave/history"
	"cleave/systems/zkclient"
	"cleave/systems/zkwire"
)

// election is leader election among the clients that have joined it. Who leads writes, each time with the zxid of his
// own node, as a token: a write is made only if none with a higher token was made before.
type election struct {
	*kit
	contenders map[string]*contender // by key
	order      []*contender          // the same, as they came
}

func newElection(k *kit) zkclient.Application {
	return &election{kit: k, contenders: map[string]*contender{}}
}

// Has tells which functions are its own: join and leave an election, and write as its leader.
func (e *election) Has(function history.Function) bool {
	return has(function, history.Join, history.Leave, history.Children, history.Write)
}

// contender is this client's place in the election of a key.
func (e *election) contender(key string) *contender {
	if c := e.contenders[key]; c != nil {
		return c
	}
	c := &contender{kit: e.kit, parent: path(key), kind: "w"}
	c.changed = func() {
		if c.first {
			e.holds(key)
		} else {
			e.yields(key)
		}
	}
	e.contenders[key] = c
	e.order = append(e.order, c)
	return c
}

// Invoke starts a request.
func (e *election) Invoke(request history.Request, done func(history.Completion)) {
	t := e.begin(request, done, nil)
	key, _ := strings.CutSuffix(request.Key, "-state") // what the leader writes
	c := e.contender(key)
	switch request.Function {
	case history.Join:
		c.join()
		t.ok(history.Nothing, e.Seen())
	case history.Leave:
		c.leave()
		t.ok(history.Nothing, e.Seen())
	case history.Children:
		e.list(t)
	default:
		e.write(t, c)
	}
}

// write changes what the leader alone is to change, the node "<key>-state": "token value".
func (e *election) write(t *task, c *contender) {
	value, isInteger := t.request.Value.AsInteger()
	switch {
	case !isInteger:
		t.failed(zkclient.ErrorNotInteger)
	case !c.first:
		t.failed(errorNotLeading)
	default:
		e.fenced(t, path(t.request.Key), c.token, value)
	}
}

// errorNotLeading is why somebody does not do what only a leader may.
const errorNotLeading = "not leading"

// fenced writes a value with a token, unless a higher token is there: what is there is read, and replaced on the
// condition that it is still the same.
func (k *kit) fenced(t *task, node string, token, value int64) {
	t.ask(zkclient.Get(node), func(p *zkwire.Reply) {
		switch {
		case p.Code == zkwire.NoNode:
			k.firstFenced(t, node, token, value)
		case p.Code != zkwire.OK:
			t.failed(p.Code.String())
		case tokenIn(p.Data) > token:
			t.failed("fenced off")
		default:
			t.change(zkclient.Set(node, tokened(token, value), p.Stat.Version), func(p *zkwire.Reply) { k.afterFenced(t, node, token, value, p) })
		}
	})
}

func (k *kit) firstFenced(t *task, node string, token, value int64) {
	t.change(zkclient.Create(node, tokened(token, value), zkwire.FlagPersistent), func(p *zkwire.Reply) { k.afterFenced(t, node, token, value, p) })
}

// afterFenced ends a fenced write, or tries again if somebody came in between.
func (k *kit) afterFenced(t *task, node string, token, value int64, p *zkwire.Reply) {
	switch p.Code {
	case zkwire.OK:
		t.ok(history.List(history.Integer(token), history.Integer(value)), p.Zxid)
	case zkwire.BadVersion, zkwire.NodeExists, zkwire.NoNode:
		k.fenced(t, node, token, value)
	default:
		t.failed(p.Code.String())
	}
}

func tokened(token, value int64) []byte { return fmt.Appendf(nil, "%d %d", token, value) }

// tokenIn is the token in what was written, 0 if there is none.
func tokenIn(data []byte) int64 {
	text, _, _ := strings.Cut(string(data), " ")
	token, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return token
}

// Attached goes on with every place.
func (e *election) Attached(bool) {
	for _, c := range e.order {
		c.attached()
	}
}

// Suspended steps down everywhere.
func (e *election) Suspended() {
	for _, c := range e.order {
		c.suspended()
	}
}

// Expired has lost every place.
func (e *election) Expired() {
	for _, c := range e.order {
		c.expired()
	}
}

// Died has forgotten everything.
func (e *election) Died() {
	for _, c := range e.order {
		c.died()
	}
}

// Event tells every place.
func (e *election) Event(event zkwire.Event) {
	for _, c := range e.order {
		c.event(event)
	}
}
