package workloads

import (
	"fmt"
	"slices"
	"strings"

	"cleave/history"
)

// Ask is something that the clients of a workload can be asked, and how it is written in a schedule by hand.
type Ask struct {
	Function history.Function
	Key      KeyForm   // what it is about
	Value    ValueForm // what it carries
	Does     string    // in words
}

// KeyForm is what a key looks like.
type KeyForm string

// The forms of keys.
const (
	NoKey    KeyForm = ""             // what is written there does not matter
	NameKey  KeyForm = "NAME"         // a name, such as lock-a
	StateKey KeyForm = "NAME-state"   // what a lock or a leader protects
	PartKey  KeyForm = "NAME/PART"    // a part of something, such as job/instances
	PathKey  KeyForm = "NAME/NAME"    // or longer, or shorter, such as consumers/g
	InKey    KeyForm = "GROUP/MEMBER" // a member of a group, or the provider of a service, "web/n1:20881"
)

// ValueForm is what a value looks like.
type ValueForm string

// The forms of values.
const (
	NoValue      ValueForm = ""
	NumberValue  ValueForm = "a number"
	CountValue   ValueForm = "a number from 1"
	SharedValue  ValueForm = "shared, or nothing"
	ChangeValue  ValueForm = "[expected, new]; expected null is what the client saw last"
	BareValue    ValueForm = "bare, or nothing"
	StandingText ValueForm = "a text, such as OUT_OF_SERVICE"
	WatchValue   ValueForm = "data, exist, children, persistent or recursive"
)

// Asks lists what the clients of a workload can be asked; nil if nobody has said.
func (w Workload) Asks() []Ask {
	for _, one := range asks() {
		if slices.Contains(one.workloads, w.Name) {
			return append(one.asks, Ask{history.Home, NoKey, NoValue, "goes back to the node beside it"})
		}
	}
	return nil
}

// asks are those of all workloads that are written by hand.
func asks() []struct {
	workloads []string
	asks      []Ask
} {
	dies := Ask{history.Die, NoKey, NoValue, "dies without a word, and begins anew"}
	list := Ask{history.Children, NameKey, NoValue, "lists who is in it"}
	parts := Ask{history.Children, PartKey, NoValue, "lists a part of it"}
	protected := Ask{history.Write, StateKey, NumberValue, "writes, with its token, what is protected; refused unless it holds it"}
	read := []Ask{{history.Read, NameKey, NoValue, "reads"}, {history.SyncRead, NameKey, NoValue, "reads after a sync"},
		{history.QuorumRead, NameKey, NoValue, "reads after a quorum has agreed"}}
	join, leave := Ask{history.Join, NameKey, NoValue, "takes part from now on"}, Ask{history.Leave, NameKey, NoValue, "takes part no more"}
	directory := []Ask{{history.Register, InKey, NoValue, "comes up, and is to be listed"}, {history.Deregister, InKey, NoValue, "leaves in good order"},
		{history.Die, InKey, NoValue, "dies without a word, and begins anew; who has registered nothing names nobody's"},
		{history.Lookup, NameKey, NoValue, "asks a server for the list"},
		{history.CacheLookup, NameKey, NoValue, "looks into its own copy of the list"}}
	watch, writes := Ask{history.Watch, PathKey, WatchValue, "reads, and watches"}, Ask{history.Write, PathKey, NumberValue, "writes"}
	remove := Ask{history.Remove, PathKey, NoValue, "removes it, if it is there"}
	return []struct {
		workloads []string
		asks      []Ask
	}{
		{[]string{"watches"}, []Ask{writes, remove, {history.Stat, PathKey, NoValue, "reads with the version"}, watch}},
		{[]string{"sessions"}, []Ask{writes, {history.Own, PathKey, NoValue, "makes an ephemeral of its session"},
			{history.Owners, PathKey, NoValue, "lists who owns what is in it"}, {history.Close, NoKey, NoValue, "ends its session, and opens another"}, dies}},
		{[]string{"sequences"}, []Ask{{history.CreateSequential, PathKey, NoValue, "makes a numbered child"}, remove, watch}},
		{[]string{"multi"}, []Ask{{history.MultiWrite, PathKey, NumberValue, "writes both halves of the pair"},
			{history.MultiFail, PathKey, NumberValue, "tries to, on a condition that cannot hold"}, {history.Pair, PathKey, NoValue, "reads both"},
			{history.Check, PathKey, NoValue, "sends a condition alone, to be refused"}}},
		{[]string{"register"}, append(read, Ask{history.Write, NameKey, NumberValue, "writes"},
			Ask{history.CAS, NameKey, ChangeValue, "compares and sets"})},
		{[]string{"election"}, []Ask{join, leave, dies, list, protected}},
		{[]string{"lock", "fenced-lock"}, []Ask{{history.Acquire, NameKey, SharedValue, "waits for the lock, for as long as a request may take"},
			{history.Release, NameKey, NoValue, "lets it go"}, dies, list, protected}},
		{[]string{"queue"}, []Ask{{history.Enqueue, NameKey, NumberValue, "puts it in"},
			{history.Dequeue, NameKey, NoValue, "takes the first out"}, dies, list}},
		{[]string{"barrier"}, []Ask{{history.Enter, NameKey, CountValue, "waits until so many have come"},
			{history.Leave, NameKey, NoValue, "waits until all leave"}, dies, list}},
		{[]string{"consumers"}, []Ask{{history.Join, PathKey, NoValue, join.Does}, {history.Leave, PathKey, NoValue, leave.Does}, dies,
			{history.Consume, PathKey, NoValue, "handles the next message of a partition that it has"},
			{history.Owners, PathKey, NoValue, "lists a part of it, with the sessions that own it"}}},
		{[]string{"scheduler"}, []Ask{join, leave, dies, parts}},
		{[]string{"config"}, []Ask{{history.Write, NameKey, NumberValue, "changes the configuration"}, read[0],
			{history.CacheRead, NameKey, NoValue, "looks at its own copy"}, dies}},
		{[]string{"group", "dubbo"}, directory},
		{[]string{"discovery", "convergence", "self-preservation", "status-override"}, append(directory,
			Ask{history.Reboot, NoKey, BareValue, "its host's cache begins again, without its file if it is bare"},
			Ask{history.SetStatus, InKey, StandingText, "an operator overrides the status"},
			Ask{history.ClearStatus, InKey, NoValue, "the operator takes it back"},
			Ask{history.Status, InKey, NoValue, "asks a server for the status"})},
		{[]string{"naming"}, []Ask{{history.CreateSequential, NameKey, NoValue, "asks for a name that nobody else has"}, dies, list}},
	}
}

// Misasked is what is wrong with a request: one of its fields, and why.
type Misasked struct {
	Field string // "f", "key" or "value", as in a schedule
	Why   string
}

// Error is why.
func (m Misasked) Error() string { return m.Why }

// Misasked tells what about a request the clients of the workload cannot do; nil if they can, or if nobody has said what they
// can do. What they then make of it the run shows.
func (w Workload) Misasked(request history.Request) *Misasked {
	asks := w.Asks()
	if asks == nil {
		return nil
	}
	var functions, keys []string
	var alike []Ask
	for _, ask := range asks {
		if ask.Function == request.Function {
			alike, keys = append(alike, ask), append(keys, string(ask.Key))
		}
		functions = append(functions, string(ask.Function))
	}
	if len(alike) == 0 {
		return &Misasked{"f", fmt.Sprintf("the clients of %s cannot %.60q; they can: %s", w.Name, request.Function, strings.Join(functions, ", "))}
	}
	at := slices.IndexFunc(alike, func(ask Ask) bool { return ask.Key.fits(request.Key) })
	if at < 0 {
		return &Misasked{"key", fmt.Sprintf("the key of %s is written %s, not %.60q", request.Function, strings.Join(keys, " or "), request.Key)}
	}
	if form := alike[at].Value; !form.fits(request.Value) {
		if form == NoValue {
			form = "nothing"
		}
		return &Misasked{"value", fmt.Sprintf("the value of %s is %s, not %.60s", request.Function, form, request.Value)}
	}
	return nil
}

// fits tells whether a key is of the form.
func (f KeyForm) fits(key string) bool {
	parts := strings.Split(key, "/")
	if f != NoKey && slices.Contains(parts, "") {
		return false
	}
	switch f {
	case NameKey:
		return len(parts) == 1
	case StateKey:
		return len(parts) == 1 && strings.HasSuffix(key, "-state") && key != "-state"
	case PartKey, InKey:
		return len(parts) == 2
	}
	return true
}

// fits tells whether a value is of the form.
func (f ValueForm) fits(value history.Value) bool {
	number, isNumber := value.AsInteger()
	word, isText := value.AsText()
	switch f {
	case NumberValue:
		return isNumber
	case CountValue:
		return isNumber && number >= 1
	case SharedValue:
		return value.IsNothing() || isText && word == "shared"
	case BareValue:
		return value.IsNothing() || isText && word == "bare"
	case WatchValue:
		return slices.ContainsFunc([]history.Value{onData, onExistence, onChildren, persistently, recursively}, value.Equal)
	case StandingText:
		return isText
	case ChangeValue:
		both, _ := value.AsList()
		if len(both) != 2 {
			return false
		}
		_, expects := both[0].AsInteger()
		_, gives := both[1].AsInteger()
		return gives && (expects || both[0].IsNothing())
	}
	return value.IsNothing()
}
