package history

import "time"

// Time is nanoseconds of true time since the start of the run. It is the world's time, which no
// node's or client's clock can move.
type Time int64

// Forever is the completion time of an operation whose end nobody saw.
const Forever Time = 1<<63 - 1

// Seconds is the time in seconds, for people.
func (t Time) Seconds() float64 { return float64(t) / 1e9 }

// Duration is the time since the start of the run as a time.Duration.
func (t Time) Duration() time.Duration { return time.Duration(t) }

// Type is the kind of an Event.
type Type string

// The types of events. The first four are Jepsen's; the others carry what happened around the
// operations.
const (
	Invoke     Type = "invoke" // a client asked
	Ok         Type = "ok"     // it certainly happened
	Fail       Type = "fail"   // it certainly did not happen
	Info       Type = "info"   // unknown: it may have happened, may happen later, or never
	RunEvent   Type = "run"    // first line: what ran, and where everybody lives
	PhaseEvent Type = "phase"  // the run enters a phase
	FaultEvent Type = "fault"  // a fault starts, changes or ends
	NoteEvent  Type = "note"   // a node says something of itself: elected, restarted, panicked
)

// Event is one line of a history. Which fields are set depends on Type: operations have Process,
// Client, Function, Key and Value; the others have exactly one of Run, Phase, Fault, Note.
type Event struct {
	Index int  // position in the history, from 0, dense
	Time  Time // true time
	Type  Type

	Process  int      // who is waiting for the answer; never reused after Info
	Client   string   // the client that the process belongs to, e.g. "c3"
	Function Function // what was asked
	Key      string   // of what
	Value    Value    // the argument at invocation, the result at completion
	Node     string   // at completion: the server that answered, if one did
	Version  int64    // at completion: the server's number for the state it answered from (zxid, ...), 0 if none
	Error    string   // at completion: why not ok

	Run   *Run
	Phase Phase
	Fault *Fault
	Note  *Note
}

// Function names what an operation asks for. Workloads define the meaning of each.
type Function string

// The functions of the workloads in this repository.
const (
	Read        Function = "read"         // the system's ordinary read: local on the CP store
	SyncRead    Function = "sync-read"    // read after ZooKeeper's sync (not a quorum operation)
	QuorumRead  Function = "quorum-read"  // read after a quorum sync: meant to be linearizable
	Write       Function = "write"        // set to Value
	CAS         Function = "cas"          // set to Value[1] if it is Value[0]
	Register    Function = "register"     // Key (an instance) comes up and is to be listed
	Deregister  Function = "deregister"   // Key leaves in good order
	Die         Function = "die"          // Key dies without a word; always ok, at once
	Lookup      Function = "lookup"       // the list of instances of the service Key, asked of a server
	CacheLookup Function = "cache-lookup" // the same from the client's own cache, which has no end of life
	Home        Function = "home"         // go back to the node beside the client, so that final reads see every node
	Reboot      Function = "reboot"       // the client's own process begins again, with what is on its disk, or without if Value is "bare"; always ok
	SetStatus   Function = "set-status"   // an operator overrides the status of the instance Key by Value, e.g. OUT_OF_SERVICE
	ClearStatus Function = "clear-status" // the operator takes the override of Key back
	Status      Function = "status"       // the status of the instance Key, asked of a server: a text, or nothing if it lists no such instance

	Watch            Function = "watch"             // read Key and arm a watch on it; Value is the kind: data, exist, children, persistent, recursive
	Stat             Function = "stat"              // read Key with the version of its last change, and arm nothing
	Remove           Function = "remove"            // delete Key, whatever its version; ok also if there is none
	CreateSequential Function = "create-sequential" // make a child of Key that the system numbers
	Own              Function = "own"               // make Key an ephemeral of the client's session
	Owners           Function = "owners"            // list the children of Key with the sessions that own them
	Close            Function = "close"             // end the client's session in good order, and open another
	MultiWrite       Function = "multi"             // set both halves of the pair Key to Value, in one transaction
	MultiFail        Function = "multi-fail"        // the same, with a condition that cannot hold: to be refused whole
	Check            Function = "check"             // a lone condition on Key, which means nothing outside a transaction: to be refused
	Pair             Function = "pair"              // read both halves of the pair Key at one instant
)

// The functions of objects that other people's histories are about. A result that is nothing says that the
// object was empty, or that there was nothing to take.
const (
	Add       Function = "add"        // put Value into a set, or add the number Value to a counter
	Enqueue   Function = "enqueue"    // put Value at the end of a queue
	Dequeue   Function = "dequeue"    // take the queue's first element
	Push      Function = "push"       // put Value on top of a stack
	Pop       Function = "pop"        // take the stack's top
	Insert    Function = "insert"     // put the number Value into a priority queue
	RemoveMin Function = "remove-min" // take the least number of a priority queue
	Peek      Function = "peek"       // see what dequeue, pop or remove-min would take, and leave it
	Acquire   Function = "acquire"    // take a lock or lease; the result of a fenced lock is its token, a number
	TryLock   Function = "try-lock"   // the same without waiting: the result is 1 if it was taken, else 0
	Release   Function = "release"    // give a lock back; Value is the token of a fenced one
	Renew     Function = "renew"      // make a lease last longer; Value is for how long, in nanoseconds
	Lead      Function = "lead"       // the client says that it was elected leader of the term Value
	Create    Function = "create"     // make a node of a tree, at the path Key with the data Value
	Append    Function = "append"     // put the text Value at the end of a text
	Children  Function = "children"   // the names of the children of the node at Key, in any order
	Txn       Function = "txn"        // micro-operations, a list of [function key value]: r, w, append; the result has the reads filled in
)

// The functions of the recipes.
const (
	Join  Function = "join"  // take part in Key, a group or an election, from now on
	Leave Function = "leave" // take part no more; of a barrier, wait until all have left
	Enter Function = "enter" // wait at the barrier Key until Value have come

	// Consume has the next message handled of one of the parts of Key, a group's, that the client has: the result is [part number].
	Consume Function = "consume"

	CacheRead Function = "cache-read" // read Key from the client's own copy, with the version that it is of
)

// The functions of the workloads for programs. A log numbers its messages: offsets grow, and may leave numbers out.
const (
	Echo          Function = "echo"           // say Value again
	Generate      Function = "generate"       // make an id that nobody else is given
	Send          Function = "send"           // put Value at the end of the log Key: the result is its offset
	Poll          Function = "poll"           // from each of some logs, [log offset], messages from the offset on: [log [[offset value] ...]]
	CommitOffsets Function = "commit-offsets" // of each of some logs, [log offset], all up to the offset is dealt with
	ListCommitted Function = "list-committed" // up to where some logs are dealt with: [log offset] of each that is
)

// Phase is a part of a run, in the order Warmup, Faults, Quiet.
type Phase string

// The phases of a run.
const (
	Warmup Phase = "warm-up" // before the first fault
	Faults Phase = "faults"  // from the first fault's start to the last one's end
	Quiet  Phase = "quiet"   // everything healed, time to recover, then final reads
)

// Run is the first event of a history. It makes a history stand alone: checkers learn from it who
// lives where and how many nodes the system needs.
type Run struct {
	System   string      `json:"system"`
	Workload string      `json:"workload"`
	Seed     uint64      `json:"seed"`
	Nodes    []string    `json:"nodes"`
	Clients  []Placement `json:"clients"`
	// Quorum is how many nodes, mutually connected, the system needs in order to serve: a majority
	// for a CP store, 1 for an AP registry.
	Quorum int `json:"quorum"`
}

// Placement says beside which node a client lives.
type Placement struct {
	Client string `json:"client"`
	Host   string `json:"host"`
}

// Note is something that a node or client says of itself. Kinds in use: "leader" (Detail "term 3"),
// "follower", "looking" (for a leader), "start", "panic" (a broken invariant; Detail is its text), "no-space" (its disk was full when
// it first wrote), "halt" (its disk failed), "exit" (its process ended by itself), "protocol" (it said what makes no sense), "self-preservation"
// (Detail "entered" or "left"); of the world itself, "runaway" (the run was ended early) and "late" ("1.3s": the harness stood still); of a client
// with a session, "connected" (Detail "n2 session 0x1f"), "disconnected" ("n2"), "expired" ("0x1f") and
// "event" ("<created|deleted|changed|children> <path>": a watch fired); of a recipe's client, "holds" and "yields" ("lock/a",
// "lock/b shared": from now on, as far as it knows, it holds that, or does no more) and "woken" (by a change of a
// path, it asks again).
type Note struct {
	Node   string `json:"node"`
	Kind   string `json:"kind"`
	Detail string `json:"detail,omitempty"`
}
