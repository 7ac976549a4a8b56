package zkwire

// Op is the type of a request.
type Op int32

// The operations, with ZooKeeper's numbers.
const (
	OpNotification         Op = 0
	OpCreate               Op = 1
	OpDelete               Op = 2
	OpExists               Op = 3
	OpGetData              Op = 4
	OpSetData              Op = 5
	OpGetACL               Op = 6
	OpSetACL               Op = 7
	OpGetChildren          Op = 8
	OpSync                 Op = 9
	OpPing                 Op = 11
	OpGetChildren2         Op = 12
	OpCheck                Op = 13 // inside a multi only
	OpMulti                Op = 14
	OpCreate2              Op = 15
	OpReconfig             Op = 16
	OpCheckWatches         Op = 17
	OpRemoveWatches        Op = 18
	OpCreateContainer      Op = 19
	OpDeleteContainer      Op = 20 // a server's own
	OpCreateTTL            Op = 21
	OpMultiRead            Op = 22
	OpAuth                 Op = 100
	OpSetWatches           Op = 101
	OpSASL                 Op = 102
	OpGetEphemerals        Op = 103
	OpGetAllChildrenNumber Op = 104
	OpSetWatches2          Op = 105
	OpAddWatch             Op = 106
	OpWhoAmI               Op = 107
	OpCreateSession        Op = -10
	OpCloseSession         Op = -11
	OpError                Op = -1

	// OpQuorumSync is not ZooKeeper's: a sync that asks a quorum whether the leader still leads
	// (raft's ReadIndex). Its body and reply are those of OpSync.
	OpQuorumSync Op = 1009
)

// The xids of messages that are no numbered request.
const (
	XidNotification int32 = -1
	XidPing         int32 = -2
	XidAuth         int32 = -4
	XidSetWatches   int32 = -8
)

// The flags of a create.
const (
	FlagPersistent           int32 = 0
	FlagEphemeral            int32 = 1
	FlagSequential           int32 = 2
	FlagEphemeralSequential  int32 = 3
	FlagContainer            int32 = 4
	FlagTTL                  int32 = 5
	FlagPersistentSequentTTL int32 = 6
)

// The modes of an addWatch.
const (
	ModePersistent int32 = 0 // told of one znode and its children, again and again
	ModeRecursive  int32 = 1 // and of all below it
)

// opNames are the operations as ZooKeeper's own texts show them.
var opNames = map[Op]string{
	OpNotification: "notification", OpCreate: "create", OpDelete: "delete", OpExists: "exists", OpGetData: "getData", OpSetData: "setData",
	OpGetACL: "getACL", OpSetACL: "setACL", OpGetChildren: "getChildren", OpSync: "sync", OpPing: "ping", OpGetChildren2: "getChildren2",
	OpCheck: "check", OpMulti: "multi", OpCreate2: "create2", OpReconfig: "reconfig", OpCheckWatches: "checkWatches",
	OpRemoveWatches: "removeWatches", OpCreateContainer: "createContainer", OpDeleteContainer: "deleteContainer", OpCreateTTL: "createTtl",
	OpMultiRead: "multiRead", OpAuth: "auth", OpSetWatches: "setWatches", OpSASL: "sasl", OpGetEphemerals: "getEphemerals",
	OpGetAllChildrenNumber: "getAllChildrenNumber", OpSetWatches2: "setWatches2", OpAddWatch: "addWatch", OpWhoAmI: "whoAmI",
	OpCreateSession: "createSession", OpCloseSession: "closeSession", OpError: "error", OpQuorumSync: "quorumSync",
}

// String is the operation's name.
func (o Op) String() string {
	if name, known := opNames[o]; known {
		return name
	}
	return "unknown"
}
