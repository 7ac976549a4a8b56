package znodes

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/systems/zkwire"
)

func sampleCommands() []Command {
	with := func(change func(*Command)) Command {
		c := Command{Node: 3, Boot: 1 << 31, ID: 12, Time: -5}
		change(&c)
		return c
	}
	q := setOf("/a", "1", -1)
	return []Command{
		with(func(c *Command) {
			c.Kind, c.Timeout, c.Password = CommandOpen, 4*time.Second, []byte("0123456789abcdef")
		}),
		with(func(c *Command) {
			c.Kind, c.Session, c.Timeout, c.Password = CommandAttach, 1<<33+1, time.Second, []byte("x")
		}),
		with(func(c *Command) { c.Kind, c.Session, c.Attachment = CommandClose, -1, 7 }),
		with(func(c *Command) { c.Kind, c.Expired = CommandExpire, []int64{1 << 33, 1<<33 + 9} }),
		with(func(c *Command) {
			c.Kind, c.Session, c.Attachment, c.Request = CommandWrite, 1<<33, 2, q.Append(nil)
			c.Identities = []zkwire.Identity{{Scheme: "ip", ID: "1.2.3.4"}, alice, {Scheme: SchemeSuper}, {Scheme: "x", ID: "y"}}
		}),
		with(func(c *Command) { c.Kind, c.Path = CommandClean, "/a/b" }),
		{Kind: CommandOpen}, {Kind: CommandWrite}, {Kind: CommandExpire},
	}
}

func TestCommandRoundTrip(t *testing.T) {
	for _, c := range sampleCommands() {
		encoded := c.Encode()
		got, good := DecodeCommand(encoded)
		require.True(t, good)
		require.Equal(t, c, got)
		for size := range encoded {
			_, good = DecodeCommand(encoded[:size])
			require.False(t, good, "%v cut to %d bytes", c.Kind, size)
		}
		_, good = DecodeCommand(append(encoded, 0))
		require.False(t, good, "a byte too many")
	}
	for _, kind := range []CommandKind{0, CommandClean + 1} {
		_, good := DecodeCommand((&Command{Kind: kind}).Encode())
		require.False(t, good)
	}
}

// FuzzDecodeCommand: whatever bytes come, decoding does not panic, and what decodes is stable: written
// and read again it is the same.
func FuzzDecodeCommand(f *testing.F) {
	for _, c := range sampleCommands() {
		f.Add(c.Encode())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if once, good := DecodeCommand(data); good {
			twice, good := DecodeCommand(once.Encode())
			require.True(t, good)
			require.Equal(t, once, twice)
		}
	})
}

// FuzzApply: whatever a client sends, applying it does not panic, the state stays one that has a
// snapshot, and its counts are right.
func FuzzApply(f *testing.F) {
	for _, row := range refusals() {
		f.Add(row.q.Append(nil))
	}
	for _, q := range []zkwire.Request{containerOf("/c"), ttlOf("/t", 5),
		multiOf(setOf("/n", "1", 0), createOf("/m", 3, open)), setACLOf("/n", only(alice), 0)} {
		f.Add(q.Append(nil))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		d := closed()
		d.apply(Command{Kind: CommandWrite, Session: d.session, Attachment: 1, Identities: []zkwire.Identity{alice}, Request: payload})
		again, err := Decode(d.Encode(), Options{})
		require.NoError(t, err)
		require.Equal(t, d.Encode(), again.Encode())
		require.Equal(t, d.DataSize(), again.DataSize())
		require.Equal(t, d.Ephemerals(), again.Ephemerals())
		if q, err := zkwire.DecodeRequest(payload); err == nil {
			d.Read(&q, nil, d.session)
		}
	})
}
