package zkscript

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"cleave/systems/zkwire"
)

// operations are the verbs of requests. All but auth and reconfig take a path first.
var operations = map[string]zkwire.Op{
	"create": zkwire.OpCreate, "create2": zkwire.OpCreate2, "createContainer": zkwire.OpCreateContainer,
	"createTTL": zkwire.OpCreateTTL, "delete": zkwire.OpDelete, "exists": zkwire.OpExists, "getData": zkwire.OpGetData,
	"setData": zkwire.OpSetData, "getACL": zkwire.OpGetACL, "setACL": zkwire.OpSetACL, "getChildren": zkwire.OpGetChildren,
	"getChildren2": zkwire.OpGetChildren2, "sync": zkwire.OpSync, "ping": zkwire.OpPing, "check": zkwire.OpCheck,
	"multi": zkwire.OpMulti, "multiRead": zkwire.OpMultiRead, "reconfig": zkwire.OpReconfig,
	"checkWatches": zkwire.OpCheckWatches, "removeWatches": zkwire.OpRemoveWatches, "addWatch": zkwire.OpAddWatch,
	"setWatches": zkwire.OpSetWatches, "setWatches2": zkwire.OpSetWatches2, "getEphemerals": zkwire.OpGetEphemerals,
	"getAllChildrenNumber": zkwire.OpGetAllChildrenNumber, "whoAmI": zkwire.OpWhoAmI, "auth": zkwire.OpAuth,
	"sasl": zkwire.OpSASL, "closeSession": zkwire.OpCloseSession,
}

// specialXids are the xids of operations that have one, as the Java client numbers them.
var specialXids = map[zkwire.Op]int32{zkwire.OpPing: zkwire.XidPing, zkwire.OpAuth: zkwire.XidAuth,
	zkwire.OpSetWatches: zkwire.XidSetWatches, zkwire.OpSetWatches2: zkwire.XidSetWatches}

// request reads the words of a request, its verb first, and the lines of its block.
func (n *names) request(words []word, block [][]word) (zkwire.Request, error) {
	op, known := operations[words[0].value]
	if !known || words[0].key != "" {
		return zkwire.Request{}, fmt.Errorf("no such verb: %s", words[0].value)
	}
	q := zkwire.Request{Op: op, Version: -1, Data: []byte{}}
	if op != zkwire.OpDelete && op != zkwire.OpSetData && op != zkwire.OpSetACL && op != zkwire.OpCheck {
		q.Version = 0
	}
	switch op {
	case zkwire.OpCreate, zkwire.OpCreate2, zkwire.OpCreateContainer, zkwire.OpCreateTTL, zkwire.OpSetACL:
		q.ACL = []zkwire.ACL{{Perms: zkwire.PermAll, Identity: zkwire.Identity{Scheme: "world", ID: "anyone"}}}
	case zkwire.OpSetWatches, zkwire.OpSetWatches2:
		q.Watches = &zkwire.Watches{}
	case zkwire.OpReconfig:
		q.Reconfig = &zkwire.Reconfig{CurrentConfig: -1}
	}
	for i, w := range words[1:] {
		if err := n.argument(&q, i, w); err != nil {
			return zkwire.Request{}, fmt.Errorf("%s=%s: %w", w.key, w.value, err)
		}
	}
	for _, line := range block {
		inner, err := n.request(line, nil)
		if err != nil {
			return zkwire.Request{}, err
		}
		q.Operations = append(q.Operations, inner)
	}
	return q, nil
}

// argument puts one word after the verb into the request.
func (n *names) argument(q *zkwire.Request, place int, w word) (err error) {
	switch w.key {
	case "":
		return positional(q, place, w.value)
	case "data":
		q.Data = []byte(w.value)
		if w.value == "null" {
			q.Data = nil
		}
		if q.Watches != nil {
			q.Watches.Data = strings.Split(w.value, ",")
		}
	case "size":
		size, bad := strconv.Atoi(w.value)
		q.Data, err = []byte(strings.Repeat("x", size)), bad
	case "acl":
		q.ACL, err = acls(w.value)
	case "flags":
		q.Flags, err = int32Of(w.value)
	case "version":
		q.Version, err = int32Of(w.value)
	case "mode", "kind":
		q.Mode, err = int32Of(w.value)
	case "ttl":
		q.TTL, err = strconv.ParseInt(w.value, 10, 64)
	default:
		switch {
		case q.Watches != nil:
			return n.watches(q.Watches, w)
		case q.Reconfig != nil:
			return reconfig(q.Reconfig, w)
		}
		return fmt.Errorf("no such key")
	}
	return err
}

// positional puts a word without a key into the request: the path, or what else the verb takes.
func positional(q *zkwire.Request, place int, value string) error {
	switch {
	case q.Op == zkwire.OpAuth && place == 0:
		q.Identity.Scheme = value
	case q.Op == zkwire.OpAuth && place == 1:
		q.Identity.ID = value
	case value == "watch" && place == 1:
		q.Watch = true
	case place == 0:
		q.Path = value
	default:
		return fmt.Errorf("a word too many")
	}
	return nil
}

func (n *names) watches(into *zkwire.Watches, w word) (err error) {
	paths := strings.Split(w.value, ",")
	switch w.key {
	case "zxid":
		into.RelativeZxid, err = n.number(w.value)
	case "exist":
		into.Exist = paths
	case "child":
		into.Child = paths
	case "persistent":
		into.Persistent = paths
	case "recursive":
		into.PersistRecursive = paths
	default:
		return fmt.Errorf("no such list of watches")
	}
	return err
}

func reconfig(into *zkwire.Reconfig, w word) (err error) {
	switch w.key {
	case "joining":
		into.Joining = w.value
	case "leaving":
		into.Leaving = w.value
	case "members":
		into.NewMembers = w.value
	case "from":
		into.CurrentConfig, err = strconv.ParseInt(w.value, 0, 64)
	default:
		return fmt.Errorf("no such part of a reconfig")
	}
	return err
}

// acls reads a list such as world:anyone:31;digest:me:hash=:1, where the id is what is between the
// first colon and the last.
func acls(text string) (all []zkwire.ACL, err error) {
	if text == "" {
		return nil, nil
	}
	for entry := range strings.SplitSeq(text, ";") {
		first, last := strings.Index(entry, ":"), strings.LastIndex(entry, ":")
		if first < 0 || first == last {
			return nil, fmt.Errorf("an ACL is scheme:id:permissions, not %q", entry)
		}
		perms, err := int32Of(entry[last+1:])
		if err != nil {
			return nil, err
		}
		all = append(all, zkwire.ACL{Perms: perms, Identity: zkwire.Identity{Scheme: entry[:first], ID: entry[first+1 : last]}})
	}
	return all, nil
}

func int32Of(text string) (int32, error) {
	number, err := strconv.ParseInt(text, 10, 32)
	return int32(number), err
}

// hexadecimal joins words of hexadecimal digits.
func hexadecimal(words []word) ([]byte, error) {
	var text strings.Builder
	for _, w := range words {
		text.WriteString(w.value)
	}
	return hex.DecodeString(text.String())
}
