package cpstore

import "time"

type commandKind uint8

const (
	commandOpen   commandKind = 1 + iota // a new session
	commandAttach                        // a session comes to a server
	commandClose                         // a session ends in good order
	commandExpire                        // sessions end because nobody hears of them
	commandCreate
	commandSet
	commandDelete
)

// command is what an entry of the log says. Every node applies it with the same result, so all that
// it depends on is in it, the time included.
type command struct {
	kind commandKind
	// node, boot and id tell the proposer which of its requests this is; boot is drawn at each start,
	// so that a restarted node does not take its former life's requests for its own. Id 0 is nobody's.
	node, boot, id uint64
	time           int64 // nanoseconds on the proposer's clock

	session    int64  // whose, but for commandOpen and commandExpire
	attachment uint64 // under which the session sent it
	path       string
	data       []byte
	version    int32
	ephemeral  bool
	sequential bool
	timeout    time.Duration // of a new session
	expired    []int64       // the sessions that end
}

func (c *command) encode() []byte {
	out := make([]byte, 0, 48+len(c.path)+len(c.data)+10*len(c.expired))
	out = append(out, byte(c.kind))
	out = appendUvarint(out, c.node)
	out = appendUvarint(out, c.boot)
	out = appendUvarint(out, c.id)
	out = appendVarint(out, c.time)
	switch c.kind {
	case commandOpen:
		return appendVarint(out, int64(c.timeout))
	case commandExpire:
		out = appendUvarint(out, uint64(len(c.expired)))
		for _, id := range c.expired {
			out = appendVarint(out, id)
		}
		return out
	}
	out = appendVarint(out, c.session)
	out = appendUvarint(out, c.attachment)
	switch c.kind {
	case commandCreate:
		out = appendText(out, c.path)
		out = appendBytes(out, c.data)
		out = appendBool(out, c.ephemeral)
		out = appendBool(out, c.sequential)
	case commandSet:
		out = appendText(out, c.path)
		out = appendBytes(out, c.data)
		out = appendVarint(out, int64(c.version))
	case commandDelete:
		out = appendText(out, c.path)
		out = appendVarint(out, int64(c.version))
	}
	return out
}

// decodeCommand reads what encode wrote. The data shares the entry's memory, which nobody changes.
func decodeCommand(data []byte) (c command, good bool) {
	r := reader{data: data}
	c.kind = commandKind(r.byte())
	c.node, c.boot, c.id = r.uvarint(), r.uvarint(), r.uvarint()
	c.time = r.varint()
	switch c.kind {
	case commandOpen:
		c.timeout = time.Duration(r.varint())
		return c, r.end()
	case commandExpire:
		if count := r.count(); count > 0 {
			c.expired = make([]int64, count)
		}
		for i := range c.expired {
			c.expired[i] = r.varint()
		}
		return c, r.end()
	}
	c.session, c.attachment = r.varint(), r.uvarint()
	switch c.kind {
	case commandAttach, commandClose:
	case commandCreate:
		c.path, c.data, c.ephemeral, c.sequential = r.text(), r.bytes(), r.bool(), r.bool()
	case commandSet:
		c.path, c.data, c.version = r.text(), r.bytes(), r.int32()
	case commandDelete:
		c.path, c.version = r.text(), r.int32()
	default:
		r.fail()
	}
	return c, r.end()
}
