package zkwire

// The permissions of an ACL, as bits.
const (
	PermRead   int32 = 1
	PermWrite  int32 = 2
	PermCreate int32 = 4
	PermDelete int32 = 8
	PermAdmin  int32 = 16
	PermAll    int32 = 31
)

// Identity is who a connection is, or whom an ACL names: a scheme ("world", "auth", "digest", "ip",
// "super") and an id in it.
type Identity struct{ Scheme, ID string }

// ACL is one entry of a znode's access list.
type ACL struct {
	Perms int32 // PermRead and so on, or-ed
	Identity
}

// Stat is what the store tells of a znode besides its data, field by field as on the wire (68 bytes).
type Stat struct {
	Czxid          int64 // the transaction that created it
	Mzxid          int64 // the one that last set its data
	Ctime          int64 // milliseconds since 1970
	Mtime          int64
	Version        int32 // how often the data was set
	Cversion       int32 // how often the list of children changed
	Aversion       int32 // how often the access list was set
	EphemeralOwner int64 // the session that it lives with, 0 if it lives by itself
	DataLength     int32
	NumChildren    int32
	Pzxid          int64 // the last creation or deletion of a child
}

// Request is what a client asks. Which fields count depends on Op.
type Request struct {
	Xid     int32
	Op      Op
	Path    string
	Data    []byte // create, setData; nil is null
	ACL     []ACL  // create, setACL
	Flags   int32  // create: FlagPersistent and so on
	TTL     int64  // createTTL: milliseconds
	Version int32  // delete, setData, setACL, check: the expected one, -1 for any
	Watch   bool   // exists, getData, getChildren
	// Mode is addWatch's (0 persistent, 1 recursive), or the kind that checkWatches and removeWatches
	// mean (1 children, 2 data, 3 any).
	Mode       int32
	Operations []Request // multi, multiRead
	Watches    *Watches  // setWatches, setWatches2
	Identity   Identity  // auth: the scheme, and the credentials as bytes in ID
	Reconfig   *Reconfig // reconfig
}

// Watches is what setWatches and setWatches2 set again after a reconnect.
type Watches struct {
	RelativeZxid                 int64 // the last the client has seen
	Data, Exist, Child           []string
	Persistent, PersistRecursive []string // setWatches2 only
}

// Reconfig is the body of a reconfig.
type Reconfig struct {
	Joining, Leaving, NewMembers string
	CurrentConfig                int64
}

// Reply is what the server answers. Which fields count depends on the request's Op; none but the
// first three unless Code is OK.
type Reply struct {
	Xid  int32
	Zxid int64
	Code Code

	Path       string     // create, create2, createContainer, createTTL, sync
	Data       []byte     // getData, reconfig; nil is null
	Stat       Stat       // create2 and its like, exists, getData, setData, getACL, setACL, getChildren2, reconfig
	ACL        []ACL      // getACL
	Names      []string   // getChildren, getChildren2, getEphemerals
	Number     int32      // getAllChildrenNumber
	Results    []Result   // multi, multiRead
	Identities []Identity // whoAmI: scheme and user
}

// Result is the outcome of one operation in a multi. If the multi failed, every Op is OpError.
type Result struct {
	Op   Op   // OpCreate, OpCreate2 (of containers and nodes with a time to live), OpDelete, OpSetData, OpCheck, OpGetData, OpGetChildren, or OpError
	Code Code // OpError: 0 before the culprit, its own, RuntimeInconsistency after it
	Path string
	Stat Stat
	Data []byte
	// Names are the children, for OpGetChildren.
	Names []string
}

// ConnectRequest is the first payload of a client.
type ConnectRequest struct {
	ProtocolVersion int32
	LastZxidSeen    int64
	Timeout         int32 // wanted, milliseconds
	SessionID       int64 // 0 for a new session
	Password        []byte
	ReadOnly        bool // it will do with a server that cannot write
	HasReadOnly     bool // the field is there: old clients do not send it
}

// ConnectResponse answers it. A session that cannot be had has Timeout 0 and SessionID 0.
type ConnectResponse struct {
	ProtocolVersion int32
	Timeout         int32
	SessionID       int64
	Password        []byte
	ReadOnly        bool
	HasReadOnly     bool // the field is written: if the request had it
}

// EventType is what happened to a watched znode.
type EventType int32

// The types.
const (
	EventCreated     EventType = 1
	EventDeleted     EventType = 2
	EventDataChanged EventType = 3
	EventChildren    EventType = 4
)

// Event is a notification: xid -1, zxid -1, code 0, state 3 (SyncConnected).
type Event struct {
	Type EventType
	Path string
}
