package host

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/world"
)

// server answers requests of 1 kB with as much, and hears of nothing else.
type server struct{ actor }

func (s *server) Accepted(world.Connection)                   {}
func (s *server) Closed(world.Connection, world.CloseReason)  {}
func (s *server) Received(c world.Connection, message []byte) { c.Send(message) }
func (s *server) Start(world.Environment)                     {}

// BenchmarkEcho measures requests of 1 kB over loopback, clients and server in one program: one request
// at a time from each client, or 32 under way.
func BenchmarkEcho(b *testing.B) {
	for _, clients := range []int{1, 10, 100} {
		for _, depth := range []int{1, 32} {
			b.Run(fmt.Sprintf("clients=%d/under-way=%d", clients, depth), func(b *testing.B) {
				r := start(b, &server{}, nil)
				var group sync.WaitGroup
				sockets := make([]net.Conn, clients)
				for i := range sockets {
					sockets[i] = r.dial(b)
					require.NoError(b, sockets[i].SetDeadline(time.Time{}))
				}
				b.ResetTimer()
				for i, socket := range sockets {
					group.Go(func() { request(socket, (b.N+i)/clients, depth) })
				}
				group.Wait()
				b.StopTimer()
				for _, socket := range sockets {
					require.NoError(b, socket.Close())
				}
				require.NoError(b, r.stop())
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// request makes requests and reads the answers.
func request(socket net.Conn, count, depth int) {
	frame := framed(string(make([]byte, 1024)))
	in, out := bufio.NewReaderSize(socket, 64<<10), bufio.NewWriterSize(socket, 64<<10)
	answer := make([]byte, len(frame))
	for sent, got := 0, 0; got < count; {
		for ; sent < count && sent-got < depth; sent++ {
			_, _ = out.Write(frame)
		}
		_ = out.Flush()
		for first := true; got < sent && (first || in.Buffered() >= len(answer)); first = false {
			if _, err := io.ReadFull(in, answer); err != nil {
				panic("bench: " + err.Error())
			}
			got++
		}
	}
}

// BenchmarkDisk measures appends of 1 kB, each synced before the next.
func BenchmarkDisk(b *testing.B) {
	a := newActor()
	start(b, a, func(o *Options) { o.DataDir = b.TempDir() })
	data, done := make([]byte, 1024), make(chan struct{})
	var next func(error)
	left := b.N
	next = func(error) {
		if left--; left < 0 {
			close(done)
			return
		}
		a.env.Disk().Append("wal", data)
		a.env.Disk().Sync("wal", next)
	}
	b.ResetTimer()
	a.env.(*host).queue.post(event{kind: actionEvent, action: func() { next(nil) }})
	<-done
}

// BenchmarkCut measures what taking frames apart costs.
func BenchmarkCut(b *testing.B) {
	var frames []byte
	for range 64 {
		frames = append(binary.BigEndian.AppendUint32(frames, 1000), make([]byte, 1000)...)
	}
	b.SetBytes(int64(len(frames)))
	for b.Loop() {
		size, _, _ := whole(frames, 1<<20)
		for rest := frames[:size]; len(rest) > 0; {
			_, rest = cut(rest)
		}
	}
}
