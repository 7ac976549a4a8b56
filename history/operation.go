package history

import "fmt"

// Outcome says what is known of an operation's effect: Ok, Fail or Info.
type Outcome = Type

// Request is what a client is asked to do.
type Request struct {
	Function Function `json:"f"`
	Key      string   `json:"key"`
	Value    Value    `json:"value"`
}

// Completion is what a client says at the end of a request, exactly once.
type Completion struct {
	Outcome Outcome // Ok, Fail or Info
	Value   Value   // the result, if Ok; for a CAS that was refused, nothing
	Node    string  // the server that answered, if one did
	Version int64   // the server's number for the state it answered from, 0 if it has none
	Error   string  // why not Ok, one of the system's error names
}

// Operation is an invocation joined with its completion.
//
//	Invoked |------------| Completed        [closed interval; ties are concurrent]
type Operation struct {
	ID        int      `json:"id"` // index of its invocation in the history
	Process   int      `json:"process"`
	Client    string   `json:"client"`
	Function  Function `json:"f"`
	Key       string   `json:"key"`
	Argument  Value    `json:"argument"`
	Result    Value    `json:"result"`
	Invoked   Time     `json:"invoked"`
	Completed Time     `json:"completed"` // Forever if Outcome is Info, even when an "info" line says when the client gave up
	GaveUp    Time     `json:"gaveUp"`    // when the client stopped waiting: Completed, the time of the "info" line, or Forever
	Outcome   Outcome  `json:"outcome"`
	Node      string   `json:"node,omitempty"`
	Version   int64    `json:"version,omitempty"`
	Error     string   `json:"error,omitempty"`
}

// String shows the operation in one line, for witnesses and messages.
func (o Operation) String() string {
	what := fmt.Sprintf("%s %s", o.Function, o.Key)
	if !o.Argument.IsNothing() {
		what += " " + o.Argument.String()
	}
	end := fmt.Sprintf("%.3fs", o.Completed.Seconds())
	if o.Completed == Forever {
		end = "?"
	}
	result := string(o.Outcome)
	if o.Outcome == Ok && !o.Function.Mutates() {
		result += " " + o.Result.String()
	}
	if o.Error != "" {
		result += " (" + o.Error + ")"
	}
	return fmt.Sprintf("#%d %s %s [%.3fs, %s] %s", o.ID, o.Client, what, o.Invoked.Seconds(), end, result)
}

// Mutates tells whether the function can change the system's state. An operation that cannot and
// whose outcome is unknown says nothing.
func (f Function) Mutates() bool {
	switch f {
	case Read, SyncRead, QuorumRead, Lookup, CacheLookup, CacheRead, Home, Watch, Stat, Owners, Check, Pair, Status, Peek, Children,
		Echo, Generate, Poll, ListCommitted:
		return false
	}
	return true
}
