package fabric

import (
	"io"
	"net"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/ipv4"
	"golang.org/x/sys/unix"

	"cleave/internal/link"
)

// BenchmarkForward measures how many frames a second the switch carries from n1 to n2: small datagrams,
// sent and received a batch at a time, so that the kernel's part is small too. The sender keeps to a
// window, or the device would throw most away before anybody saw them.
func BenchmarkForward(b *testing.B) {
	rarely := link.Chance{Of: 1, In: 100}
	for _, c := range []struct {
		name    string
		options Options
	}{
		{"at-once", Options{}},
		{"bad", Options{Network: link.Quality{Loss: rarely, Duplicate: rarely, Corrupt: rarely}}},
		{"delayed", Options{Network: link.Quality{Latency: link.Spread{Least: 300 * time.Microsecond, Jitter: 400 * time.Microsecond}}}},
		{"captured", Options{Capture: io.Discard}},
	} {
		b.Run(c.name, func(b *testing.B) { forward(b, onKernel(b, c.options)) })
	}
}

func forward(b *testing.B, k kernelStage) {
	const batch, window = 64, 2048
	from, to := k.sockets(b)
	messages := func() []ipv4.Message {
		all := make([]ipv4.Message, batch)
		for i := range all {
			all[i].Buffers = [][]byte{make([]byte, 64)}
		}
		return all
	}
	var received atomic.Int64
	go func() {
		in := ipv4.NewPacketConn(to)
		for all := messages(); ; {
			n, err := in.ReadBatch(all, 0)
			if err != nil {
				return
			}
			received.Add(int64(n))
		}
	}()
	seen := func() (frames int) {
		k.on("n1", "n2", func(p *path) { frames = int(p.link.Sent()) })
		return frames
	}
	out, all := ipv4.NewPacketConn(from.(net.PacketConn)), messages()
	b.ResetTimer()
	began := processorTime(b)
	for sent := 0; sent < b.N; {
		for sent-seen() > window {
			time.Sleep(100 * time.Microsecond)
		}
		n, err := out.WriteBatch(all[:min(batch, b.N-sent)], 0)
		require.NoError(b, err)
		sent += n
	}
	for counter := k.Counters()[0]; int(counter.Frames) < b.N || counter.Waiting > 0; counter = k.Counters()[0] {
		time.Sleep(100 * time.Microsecond)
	}
	b.StopTimer()
	b.ReportMetric(float64(processorTime(b)-began)/float64(b.N), "cpu-ns/frame")
	for before := int64(-1); before != received.Load(); time.Sleep(100 * time.Millisecond) {
		before = received.Load()
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "frames/s")
	b.ReportMetric(100*float64(received.Load())/float64(b.N), "%received")
	b.ReportMetric(0, "ns/op")
}

// processorTime is what this process has used, with the kernel's part. Unlike the time that has passed it
// tells something on a busy machine too.
func processorTime(b *testing.B) time.Duration {
	var used unix.Rusage
	require.NoError(b, unix.Getrusage(unix.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkRoundTrip measures how long it takes until an answer of one byte is there, over TCP and UDP:
// through the switch, where links take no time of their own, and for comparison over loopback.
func BenchmarkRoundTrip(b *testing.B) {
	for _, network := range []string{"tcp", "udp"} {
		b.Run(network, func(b *testing.B) { roundTrip(b, network, "10.64.0.2:7001", 0, 1) })
		b.Run(network+"-loopback", func(b *testing.B) { roundTrip(b, network, "127.0.0.1:7001", 0, 0) })
	}
}

func roundTrip(b *testing.B, network, address string, client, server int) {
	k := onKernel(b, Options{})
	if network == "tcp" {
		listenIn(b, k.inside[server], address)
	} else {
		answerIn(b, k.inside[server], address)
	}
	socket, err := k.inside[client].Dial(b.Context(), network, address)
	require.NoError(b, err)
	defer socket.Close()
	took := make([]time.Duration, b.N)
	buffer := []byte{1}
	b.ResetTimer()
	for i := range took {
		began := time.Now()
		_, err := socket.Write(buffer)
		require.NoError(b, err)
		_, err = io.ReadFull(socket, buffer)
		require.NoError(b, err)
		took[i] = time.Since(began)
	}
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(0, "ns/op")
}

// answerIn sends every datagram back.
func answerIn(b *testing.B, n *Namespace, address string) {
	var socket net.PacketConn
	require.NoError(b, n.Do(func() (err error) {
		socket, err = net.ListenPacket("udp4", address)
		return err
	}))
	b.Cleanup(func() { _ = socket.Close() })
	go func() {
		for buffer := make([]byte, 64); ; {
			size, from, err := socket.ReadFrom(buffer)
			if err != nil {
				return
			}
			_, _ = socket.WriteTo(buffer[:size], from)
		}
	}()
}
