package zkclient

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"cleave/history"
)

// What is here says what the operations of histories mean on znodes. Every client of a ZooKeeper has it in
// common, whatever it speaks through.

// The kinds of watches that a watch operation can ask for.
const (
	WatchData       = "data"
	WatchExist      = "exist"
	WatchChildren   = "children"
	WatchPersistent = "persistent"
	WatchRecursive  = "recursive"
)

// Versions in a change: AnyVersion expects no particular one, NeverVersion one that no znode of a workload
// reaches.
const (
	AnyVersion   int32 = -1
	NeverVersion int32 = math.MaxInt32
)

// Wrong names what makes a request one that cannot be done, "" if nothing does.
func Wrong(request history.Request) string {
	switch request.Function {
	case history.Read, history.SyncRead, history.QuorumRead, history.Stat, history.Remove, history.Lookup, history.Home,
		history.CreateSequential, history.Own, history.Owners, history.Close, history.Check, history.Pair, history.Die:
		return ""
	case history.Write, history.MultiWrite, history.MultiFail:
		if _, integer := request.Value.AsInteger(); !integer {
			return ErrorNotInteger
		}
	case history.CAS:
		if _, _, good := Exchange(request.Value); !good {
			return ErrorBadRequest
		}
	case history.Watch:
		if kind, text := request.Value.AsText(); !text || !isWatchKind(kind) {
			return ErrorBadRequest
		}
	case history.Register, history.Deregister:
		service, name, found := strings.Cut(request.Key, "/")
		if !found || service == "" || name == "" || strings.Contains(name, "/") {
			return ErrorBadRequest
		}
	default:
		return ErrorUnsupported
	}
	return ""
}

func isWatchKind(kind string) bool {
	switch kind {
	case WatchData, WatchExist, WatchChildren, WatchPersistent, WatchRecursive:
		return true
	}
	return false
}

// Exchange reads the argument of a CAS: what is expected, an integer or nothing, and what is to be.
func Exchange(argument history.Value) (from history.Value, to int64, good bool) {
	both, isList := argument.AsList()
	if !isList || len(both) != 2 {
		return history.Nothing, 0, false
	}
	_, isInteger := both[0].AsInteger()
	to, toGood := both[1].AsInteger()
	return both[0], to, toGood && (isInteger || both[0].IsNothing())
}

// Decimal is an integer as znodes hold it.
func Decimal(number int64) []byte { return strconv.AppendInt(nil, number, 10) }

// Integer reads the integer that a znode holds. An empty znode holds nothing.
func Integer(data []byte) (value history.Value, good bool) {
	if len(data) == 0 {
		return history.Nothing, true
	}
	number, err := strconv.ParseInt(string(data), 10, 64)
	return history.Integer(number), err == nil
}

// Halves are the two znodes that a multi sets and a pair reads.
func Halves(path string) []string { return []string{path + "/a", path + "/b"} }

// Ancestors are the znodes above a path, from the top: "/a" and "/a/b" of "/a/b/c".
func Ancestors(path string) (above []string) {
	for at := 1; at < len(path); at++ {
		if path[at] == '/' {
			above = append(above, path[:at])
		}
	}
	return above
}

// ServicesRoot is the parent of all services.
const ServicesRoot = "/services"

// ServicePath is the parent of a service's instances.
func ServicePath(service string) string { return ServicesRoot + "/" + service }

// InstancePath is the znode of an instance "service/name".
func InstancePath(id string) string { return ServicesRoot + "/" + id }

// SessionText is how session ids are written: "0x1f".
func SessionText(session int64) string { return fmt.Sprintf("0x%x", uint64(session)) }
