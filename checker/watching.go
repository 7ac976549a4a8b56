package checker

import (
	"fmt"
	"slices"
	"strings"

	"cleave/history"
)

// The kinds of watches that a watch operation can ask for.
const (
	watchData       = "data"       // one-shot, on a znode that is there
	watchExist      = "exist"      // one-shot, on a znode that may come
	watchChildren   = "children"   // one-shot, on the children of a znode that is there
	watchPersistent = "persistent" // on a znode, for as long as the session
	watchRecursive  = "recursive"  // the same, and on all that is below it
)

// watchKind is the kind that an operation asks for, "" if it is no watch.
func watchKind(operation *history.Operation) string {
	kind, _ := operation.Argument.AsText()
	if operation.Function != history.Watch {
		return ""
	}
	return kind
}

// stays tells whether a watch of a kind outlives its events.
func stays(kind string) bool { return kind == watchPersistent || kind == watchRecursive }

// The kinds of events.
const (
	eventCreated  = "created"
	eventDeleted  = "deleted"
	eventChanged  = "changed"
	eventChildren = "children"
)

// event is what a watch told its client.
type event struct {
	kind string
	key  string // of the znode, without the leading slash
}

// eventOf is the event of a step, if it is one.
func eventOf(s step) (event, bool) {
	if s.kind != noted || s.note.Kind != noteEvent {
		return event{}, false
	}
	kind, path, _ := strings.Cut(s.note.Detail, " ")
	return event{kind, strings.TrimPrefix(path, "/")}, true
}

// ofData tells whether a data watch, or an exist watch, fires with the event.
func (e event) ofData() bool {
	return e.kind == eventCreated || e.kind == eventDeleted || e.kind == eventChanged
}

// ofChildren tells whether a watch on children does.
func (e event) ofChildren() bool { return e.kind == eventDeleted || e.kind == eventChildren }

// within tells whether a key is another one or below it.
func within(key, other string) bool {
	return key == other || strings.HasPrefix(key, other) && key[len(other)] == '/'
}

// glimpse of a znode: what an ok stat or watch operation showed.
type glimpse struct {
	change   int64 // mzxid, of children pzxid; 0 if there was no znode
	children bool  // it showed the children
	value    history.Value
	single   bool // by one request, so that the operation's version is the one at which it was seen
}

// glimpseOf is what an operation showed, if it did.
func glimpseOf(operation *history.Operation) (glimpse, bool) {
	shown, _ := operation.Result.AsList()
	if operation.Outcome != history.Ok || len(shown) != 2 || operation.Function != history.Stat && operation.Function != history.Watch {
		return glimpse{}, false
	}
	change, isNumber := shown[0].AsInteger()
	kind := watchKind(operation)
	return glimpse{change, kind == watchChildren, shown[1], !stays(kind)}, isNumber
}

// newer tells whether a sight of a znode shows a change since an earlier one.
func (g glimpse) newer(before glimpse) bool {
	return g.change > before.change || g.change == 0 && before.change > 0
}

// arms tells whether an operation has certainly left a one-shot watch. A data watch and one on
// children are left only on a znode that is there.
func arms(operation *history.Operation) bool {
	seen, sees := glimpseOf(operation)
	switch watchKind(operation) {
	case watchData, watchChildren:
		return sees && seen.change > 0
	case watchExist:
		return sees
	}
	return false
}

// arming is a one-shot watch whose event is yet to come.
type arming struct {
	operation *history.Operation
	seen      glimpse
	step      step
}

// armings are those of a client: of each key the oldest on data, and the oldest on children.
type armings struct {
	data, children map[string]arming
}

func newArmings() armings { return armings{map[string]arming{}, map[string]arming{}} }

// of are the armings of one sort.
func (a armings) of(children bool) map[string]arming {
	if children {
		return a.children
	}
	return a.data
}

// arm takes a watch that an operation has left, if it has and none is there already.
func (a armings) arm(s step) {
	if !arms(s.operation) {
		return
	}
	seen, _ := glimpseOf(s.operation)
	there := a.of(seen.children)
	if _, already := there[s.operation.Key]; !already {
		there[s.operation.Key] = arming{s.operation, seen, s}
	}
}

// fire takes away what an event has used up.
func (a armings) fire(e event) {
	if e.ofData() {
		delete(a.data, e.key)
	}
	if e.ofChildren() {
		delete(a.children, e.key)
	}
}

// overtaken is the watch whose event was due before an operation showed what it did.
func (a armings) overtaken(operation *history.Operation) (arming, bool) {
	shown, sees := glimpseOf(operation)
	if !sees {
		return arming{}, false
	}
	armed, found := a.of(shown.children)[operation.Key]
	return armed, found && shown.newer(armed.seen)
}

// vigil is a watch that stays. Base is the version at which the client, on its present connection,
// first saw anything after the watch was in force: the event of every later change comes later.
type vigil struct {
	operation *history.Operation
	connected int                // the connection that base is of
	base      *history.Operation // nil if there is none yet
	told      map[string]int     // events of each key since, of its creation or data
}

// vigils are those of a client.
type vigils struct {
	all     []*vigil
	session int
}

// follow takes a step of a client. Watches end with their session.
func (v *vigils) follow(s step) {
	if s.session != v.session {
		v.all, v.session = nil, s.session
	}
	if e, is := eventOf(s); is && (e.kind == eventCreated || e.kind == eventChanged) {
		for _, one := range v.all {
			if one.at(s) && one.covers(e.key) {
				one.told[e.key]++
			}
		}
	}
	if s.kind != ended || s.operation.Outcome != history.Ok || s.operation.Version <= 0 {
		return
	}
	if kind := watchKind(s.operation); stays(kind) {
		v.begin(s.operation)
	} else if seen, sees := glimpseOf(s.operation); sees && seen.single {
		for _, one := range v.all {
			if !one.at(s) {
				one.connected, one.base, one.told = s.connection, s.operation, map[string]int{}
			}
		}
	}
}

// at tells whether it has a base on the connection of a step.
func (v *vigil) at(s step) bool { return v.base != nil && v.connected == s.connection }

func (v *vigil) covers(key string) bool {
	if watchKind(v.operation) == watchRecursive {
		return within(key, v.operation.Key)
	}
	return key == v.operation.Key
}

// begin adds a watch, unless the same is kept already.
func (v *vigils) begin(operation *history.Operation) {
	same := func(one *vigil) bool {
		return one.operation.Key == operation.Key && watchKind(one.operation) == watchKind(operation)
	}
	if !slices.ContainsFunc(v.all, same) {
		v.all = append(v.all, &vigil{operation: operation})
	}
}

// tellWatch says what a stat or a watch operation showed and left.
func tellWatch(operation *history.Operation) string {
	seen, sees := glimpseOf(operation)
	did := "read"
	if kind := watchKind(operation); kind != "" {
		did = fmt.Sprintf("armed a watch (%s) on", kind)
	}
	text := fmt.Sprintf("%s %s %s at %s", operation.Client, did, operation.Key, during(*operation))
	what := "changed last"
	if seen.children {
		what = "its children changed last"
	}
	switch {
	case !sees:
		return text
	case seen.change == 0:
		return text + ", which was not there"
	}
	return fmt.Sprintf("%s: %s by zxid %d", text, what, seen.change)
}

// tellWrite says what an acknowledged write did.
func tellWrite(operation *history.Operation) string {
	return fmt.Sprintf("%s wrote %s to %s at %s, acknowledged, zxid %d", operation.Client, operation.Argument, operation.Key,
		during(*operation), operation.Version)
}
