package cpstore

// Code is the outcome of a request, with ZooKeeper's names.
type Code uint8

// The codes. Those from CodeSessionExpired on end the connection.
const (
	CodeOK Code = iota
	CodeNoNode
	CodeNodeExists
	CodeBadVersion
	CodeNotEmpty
	CodeNoChildrenForEphemerals
	CodeBadArguments
	CodeSessionExpired
	CodeSessionMoved

	codes // how many there are
)

// String is the code's name in histories.
func (c Code) String() string {
	switch c {
	case CodeOK:
		return "ok"
	case CodeNoNode:
		return "noNode"
	case CodeNodeExists:
		return "nodeExists"
	case CodeBadVersion:
		return "badVersion"
	case CodeNotEmpty:
		return "notEmpty"
	case CodeNoChildrenForEphemerals:
		return "noChildrenForEphemerals"
	case CodeBadArguments:
		return "badArguments"
	case CodeSessionExpired:
		return "sessionExpired"
	case CodeSessionMoved:
		return "sessionMoved"
	}
	return "unknown code"
}
