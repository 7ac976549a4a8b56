package znodes

import (
	"encoding/binary"
	"time"

	"cleave/internal/octets"
	"cleave/systems/zkwire"
)

// CommandKind is what a command is about.
type CommandKind uint8

// The kinds of commands, with the fields that count besides Kind, Node, Boot, ID and Time.
const (
	CommandOpen   CommandKind = 1 + iota // a new session: Timeout, Password
	CommandAttach                        // a session comes to a server: Session, Timeout, Password
	CommandClose                         // a session ends in good order: Session, Attachment
	CommandExpire                        // sessions end because nobody hears of them: Expired
	CommandWrite                         // a client's write: Session, Attachment, Identities, Request
	CommandClean                         // a container or fleeting node goes if it is still due: Path
)

// Command is what an entry of the log says. Every node applies it with the same result, so all that
// it depends on is in it, the time included.
type Command struct {
	Kind CommandKind
	// Node, Boot and ID tell the proposer which of its requests this is; Boot is drawn at each start,
	// so that a restarted node does not take its former life's requests for its own. ID 0 is nobody's.
	Node, Boot, ID uint64
	Time           int64 // nanoseconds since 1970 on the proposer's clock

	Session    int64
	Attachment uint64 // under which the session sent it
	Timeout    time.Duration
	Password   []byte
	Expired    []int64           // the sessions that end
	Identities []zkwire.Identity // who the connection has proved to be, its address included
	Request    []byte            // header and body as the client sent them
	Path       string
}

// Encode writes the command as an entry of the log.
func (c *Command) Encode() []byte {
	out := make([]byte, 0, 64+len(c.Request)+len(c.Password)+len(c.Path)+10*len(c.Expired)+64*len(c.Identities))
	out = append(out, byte(c.Kind))
	out = binary.AppendUvarint(out, c.Node)
	out = binary.AppendUvarint(out, c.Boot)
	out = binary.AppendUvarint(out, c.ID)
	out = binary.AppendVarint(out, c.Time)
	switch c.Kind {
	case CommandOpen:
		out = binary.AppendVarint(out, int64(c.Timeout))
		out = octets.AppendBytes(out, c.Password)
	case CommandAttach:
		out = binary.AppendVarint(out, c.Session)
		out = binary.AppendVarint(out, int64(c.Timeout))
		out = octets.AppendBytes(out, c.Password)
	case CommandClose:
		out = binary.AppendVarint(out, c.Session)
		out = binary.AppendUvarint(out, c.Attachment)
	case CommandExpire:
		out = binary.AppendUvarint(out, uint64(len(c.Expired)))
		for _, id := range c.Expired {
			out = binary.AppendVarint(out, id)
		}
	case CommandWrite:
		out = binary.AppendVarint(out, c.Session)
		out = binary.AppendUvarint(out, c.Attachment)
		out = binary.AppendUvarint(out, uint64(len(c.Identities)))
		for i := range c.Identities {
			out = octets.AppendText(out, c.Identities[i].Scheme)
			out = octets.AppendText(out, c.Identities[i].ID)
		}
		out = octets.AppendBytes(out, c.Request)
	case CommandClean:
		out = octets.AppendText(out, c.Path)
	}
	return out
}

// DecodeCommand reads what Encode wrote. Password and Request share the entry's memory, which nobody
// changes.
func DecodeCommand(data []byte) (c Command, good bool) {
	r := reader{octets.Reader{Data: data}}
	c.Kind = CommandKind(r.Byte())
	c.Node, c.Boot, c.ID = r.Uvarint(), r.Uvarint(), r.Uvarint()
	c.Time = r.Varint()
	switch c.Kind {
	case CommandOpen:
		c.Timeout, c.Password = time.Duration(r.Varint()), r.Bytes()
	case CommandAttach:
		c.Session, c.Timeout, c.Password = r.Varint(), time.Duration(r.Varint()), r.Bytes()
	case CommandClose:
		c.Session, c.Attachment = r.Varint(), r.Uvarint()
	case CommandExpire:
		for range r.Count(1) {
			c.Expired = append(c.Expired, r.Varint())
		}
	case CommandWrite:
		c.Session, c.Attachment = r.Varint(), r.Uvarint()
		for range r.Count(2) {
			c.Identities = append(c.Identities, r.identity())
		}
		c.Request = r.Bytes()
	case CommandClean:
		c.Path = r.Text()
	default:
		r.Fail()
	}
	return c, r.End()
}
