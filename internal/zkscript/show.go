package zkscript

import (
	"fmt"
	"slices"

	"cleave/systems/zkwire"
)

// events are the types' names.
var events = map[zkwire.EventType]string{zkwire.EventCreated: "created", zkwire.EventDeleted: "deleted",
	zkwire.EventDataChanged: "dataChanged", zkwire.EventChildren: "childrenChanged"}

// writes are the operations whose answer's zxid is that of a transaction.
var writes = []zkwire.Op{zkwire.OpCreate, zkwire.OpCreate2, zkwire.OpCreateContainer, zkwire.OpCreateTTL, zkwire.OpDelete,
	zkwire.OpSetData, zkwire.OpSetACL, zkwire.OpMulti, zkwire.OpReconfig}

// event shows a notification.
func (n *names) event(payload []byte) string {
	e, err := zkwire.DecodeEvent(payload)
	if err != nil {
		return fmt.Sprintf("event %x", payload)
	}
	again := e.Append(nil)
	if !slices.Equal(again, payload) {
		return fmt.Sprintf("event with other bytes than usual: %x", payload)
	}
	return fmt.Sprintf("event %s %q", events[e.Type], e.Path)
}

// reply shows an answer to a request.
func (n *names) reply(payload []byte, asked pending) string {
	r, err := zkwire.DecodeReply(payload, asked.op)
	if err != nil && len(payload) == 16 {
		return code(r.Code) + " " + n.near(r.Zxid)
	}
	if err != nil {
		return fmt.Sprintf("%s %s and what nobody knows: %x", code(r.Code), n.near(r.Zxid), payload[min(16, len(payload)):])
	}
	zxid := n.near(r.Zxid)
	if r.Code == zkwire.OK && slices.Contains(writes, asked.op) && !slices.ContainsFunc(r.Results, failed) {
		zxid = n.zxid(r.Zxid)
	}
	text := code(r.Code) + " " + zxid
	if r.Code == zkwire.OK {
		text += n.body(&r, asked.op)
	}
	if rest := len(payload) - len(r.Append(nil, asked.op)); rest != 0 {
		text += fmt.Sprintf(" and %d bytes more", rest)
	}
	return text
}

func failed(r zkwire.Result) bool { return r.Op == zkwire.OpError }

func code(c zkwire.Code) string {
	if c == zkwire.OK {
		return c.String()
	}
	return fmt.Sprintf("%v(%d)", c, int32(c))
}

// body shows the fields that a reply to the operation has.
func (n *names) body(r *zkwire.Reply, op zkwire.Op) (text string) {
	switch op {
	case zkwire.OpCreate, zkwire.OpSync:
		return fmt.Sprintf(" path=%q", r.Path)
	case zkwire.OpCreate2, zkwire.OpCreateContainer, zkwire.OpCreateTTL:
		return fmt.Sprintf(" path=%q%s", r.Path, n.stat(&r.Stat))
	case zkwire.OpExists, zkwire.OpSetData, zkwire.OpSetACL:
		return n.stat(&r.Stat)
	case zkwire.OpGetData, zkwire.OpReconfig:
		return data(r.Data) + n.stat(&r.Stat)
	case zkwire.OpGetACL:
		for _, a := range r.ACL {
			text += fmt.Sprintf(" %s:%s:%d", a.Scheme, a.ID, a.Perms)
		}
		return text + n.stat(&r.Stat)
	case zkwire.OpGetChildren, zkwire.OpGetEphemerals:
		return list(r.Names)
	case zkwire.OpGetChildren2:
		return list(r.Names) + n.stat(&r.Stat)
	case zkwire.OpGetAllChildrenNumber:
		return fmt.Sprintf(" %d", r.Number)
	case zkwire.OpMulti, zkwire.OpMultiRead:
		for i := range r.Results {
			text += "\n    " + n.result(&r.Results[i])
		}
	case zkwire.OpWhoAmI:
		var all []string
		for _, who := range r.Identities {
			all = append(all, who.Scheme+":"+who.ID)
		}
		return list(all)
	case zkwire.OpSASL:
		return data(r.Data)
	}
	return text
}

// result shows one operation's outcome in a multi.
func (n *names) result(r *zkwire.Result) string {
	switch r.Op {
	case zkwire.OpCreate:
		return fmt.Sprintf("create path=%q", r.Path)
	case zkwire.OpCreate2:
		return fmt.Sprintf("create2 path=%q%s", r.Path, n.stat(&r.Stat))
	case zkwire.OpSetData:
		return "setData" + n.stat(&r.Stat)
	case zkwire.OpGetData:
		return "getData" + data(r.Data) + n.stat(&r.Stat)
	case zkwire.OpGetChildren:
		return "getChildren" + list(r.Names)
	case zkwire.OpDelete:
		return "delete"
	case zkwire.OpCheck:
		return "check"
	}
	return "error " + code(r.Code)
}

func (n *names) stat(s *zkwire.Stat) string {
	return fmt.Sprintf(" czxid=%s mzxid=%s pzxid=%s version=%d cversion=%d aversion=%d owner=%s length=%d children=%d ctime=%s mtime=%s",
		n.zxid(s.Czxid), n.zxid(s.Mzxid), n.zxid(s.Pzxid), s.Version, s.Cversion, s.Aversion, n.session(s.EphemeralOwner),
		s.DataLength, s.NumChildren, n.when(s.Ctime), n.when(s.Mtime))
}

// data shows a znode's data; what is long, by its length.
func data(value []byte) string {
	switch {
	case value == nil:
		return " data=null"
	case len(value) > 200:
		return fmt.Sprintf(" data=(%d bytes)", len(value))
	}
	return fmt.Sprintf(" data=%q", value)
}

// list shows what the server has in no order, sorted.
func list(all []string) string {
	all = slices.Sorted(slices.Values(all))
	return fmt.Sprintf(" %q", all)
}
