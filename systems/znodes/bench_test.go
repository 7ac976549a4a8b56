package znodes

import (
	"fmt"
	"testing"

	"cleave/systems/zkwire"
)

// full is a state with so many nodes of 1 kB below one parent.
func full(nodes int) *desk {
	d := newDesk(Options{})
	d.create("/p", 0)
	for i := range nodes {
		q := zkwire.Request{Op: zkwire.OpCreate, Path: fmt.Sprintf("/p/%08d", i*7919%nodes), Data: make([]byte, 1024), ACL: open}
		d.must(q)
	}
	return d
}

// BenchmarkCreate makes children of one parent, their names in no order.
func BenchmarkCreate(b *testing.B) {
	b.ReportAllocs()
	d := newDesk(Options{})
	d.create("/p", 0)
	data := make([]byte, 1024)
	for i := range b.N {
		q := zkwire.Request{Op: zkwire.OpCreate, Path: fmt.Sprintf("/p/%08x", uint32(i)*2654435761), Data: data, ACL: open}
		c := Command{Kind: CommandWrite, Session: d.session, Attachment: 1, Request: q.Append(nil)}
		if d.Apply(1, &c).Reply.Code != zkwire.OK {
			b.Fatal("not created")
		}
	}
}

func BenchmarkSet(b *testing.B) {
	b.ReportAllocs()
	d := full(100_000)
	q := setOf("/p/00050000", string(make([]byte, 1024)), -1)
	c := Command{Kind: CommandWrite, Session: d.session, Attachment: 1, Request: q.Append(nil)}
	b.ResetTimer()
	for range b.N {
		d.Apply(1, &c)
	}
}

func BenchmarkRead(b *testing.B) {
	b.ReportAllocs()
	d := full(100_000)
	q := zkwire.Request{Op: zkwire.OpGetData, Path: "/p/00050000"}
	b.ResetTimer()
	for range b.N {
		d.Read(&q, nil, d.session)
	}
}

func BenchmarkList(b *testing.B) {
	b.ReportAllocs()
	d := full(100_000)
	q := zkwire.Request{Op: zkwire.OpGetChildren, Path: "/p"}
	b.ResetTimer()
	for range b.N {
		d.Read(&q, nil, d.session)
	}
}

func BenchmarkEncode(b *testing.B) {
	b.ReportAllocs()
	d := full(100_000)
	b.ResetTimer()
	for range b.N {
		d.Encode()
	}
}

func BenchmarkDecode(b *testing.B) {
	b.ReportAllocs()
	encoded := full(100_000).Encode()
	b.ResetTimer()
	for range b.N {
		if _, err := Decode(encoded, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
