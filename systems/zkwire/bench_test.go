package zkwire

import "testing"

// benchmarkExchange is what a server does for a request: it reads it and writes the reply.
func benchmarkExchange(b *testing.B, q Request, p Reply) {
	payload, out := q.Append(nil), make([]byte, 0, 4096)
	b.SetBytes(int64(len(payload) + len(p.Append(nil, q.Op))))
	b.ReportAllocs()
	for b.Loop() {
		asked, err := DecodeRequest(payload)
		if err != nil {
			b.Fatal(err)
		}
		p.Xid = asked.Xid
		out = p.Append(out[:0], asked.Op)
	}
}

func BenchmarkGetData(b *testing.B) {
	benchmarkExchange(b, Request{Op: OpGetData, Path: "/bench/key-17"}, Reply{Data: make([]byte, 1024), Stat: statOfHex})
}

func BenchmarkSetData(b *testing.B) {
	benchmarkExchange(b, Request{Op: OpSetData, Path: "/bench/key-17", Data: make([]byte, 1024), Version: -1}, Reply{Stat: statOfHex})
}

func BenchmarkCreate(b *testing.B) {
	everyone := []ACL{{PermAll, Identity{"world", "anyone"}}}
	benchmarkExchange(b, Request{Op: OpCreate, Path: "/bench/key-17", Data: make([]byte, 1024), ACL: everyone}, Reply{Path: "/bench/key-17"})
}
