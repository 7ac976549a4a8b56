package zkwire

// Code is the outcome of a request, with ZooKeeper's numbers.
type Code int32

// The codes.
const (
	OK                      Code = 0
	SystemError             Code = -1
	RuntimeInconsistency    Code = -2
	DataInconsistency       Code = -3
	ConnectionLoss          Code = -4
	MarshallingError        Code = -5
	Unimplemented           Code = -6
	OperationTimeout        Code = -7
	BadArguments            Code = -8
	UnknownSession          Code = -12
	NewConfigNoQuorum       Code = -13
	ReconfigInProgress      Code = -14
	NoNode                  Code = -101
	NoAuth                  Code = -102
	BadVersion              Code = -103
	NoChildrenForEphemerals Code = -108
	NodeExists              Code = -110
	NotEmpty                Code = -111
	SessionExpired          Code = -112
	InvalidCallback         Code = -113
	InvalidACL              Code = -114
	AuthFailed              Code = -115
	SessionMoved            Code = -118 // never on the wire: the connection is closed
	NotReadOnly             Code = -119
	EphemeralOnLocalSession Code = -120
	NoWatcher               Code = -121
	RequestTimeout          Code = -122
	ReconfigDisabled        Code = -123
	SaslRequired            Code = -124
	QuotaExceeded           Code = -125
	Throttled               Code = -127
)

// names are the codes as histories show them.
var names = map[Code]string{
	OK: "ok", SystemError: "systemError", RuntimeInconsistency: "runtimeInconsistency", DataInconsistency: "dataInconsistency",
	ConnectionLoss: "connectionLoss", MarshallingError: "marshallingError", Unimplemented: "unimplemented",
	OperationTimeout: "operationTimeout", BadArguments: "badArguments", UnknownSession: "unknownSession",
	NewConfigNoQuorum: "newConfigNoQuorum", ReconfigInProgress: "reconfigInProgress", NoNode: "noNode", NoAuth: "noAuth",
	BadVersion: "badVersion", NoChildrenForEphemerals: "noChildrenForEphemerals", NodeExists: "nodeExists", NotEmpty: "notEmpty",
	SessionExpired: "sessionExpired", InvalidCallback: "invalidCallback", InvalidACL: "invalidACL", AuthFailed: "authFailed",
	SessionMoved: "sessionMoved", NotReadOnly: "notReadOnly", EphemeralOnLocalSession: "ephemeralOnLocalSession",
	NoWatcher: "noWatcher", RequestTimeout: "requestTimeout", ReconfigDisabled: "reconfigDisabled", SaslRequired: "saslRequired",
	QuotaExceeded: "quotaExceeded", Throttled: "throttled",
}

// String is the code's name in histories.
func (c Code) String() string {
	if name, known := names[c]; known {
		return name
	}
	return "unknown code"
}
