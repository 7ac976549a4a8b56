package fabric

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"cleave/internal/link"
)

// kernelStage is a switch between real namespaces, n1 at 10.64.0.1 and so on.
type kernelStage struct {
	*Switch
	inside []*Namespace
}

func addressOf(node int) netip.Addr { return netip.AddrFrom4([4]byte{10, 64, 0, byte(node)}) }

func onKernel(t testing.TB, options Options) kernelStage {
	wantAble(t)
	s, err := New(options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	k := kernelStage{Switch: s}
	for node := 1; node <= 2; node++ {
		n := newNamespace(t)
		k.inside = append(k.inside, n)
		name := fmt.Sprintf("n%d", node)
		require.NoError(t, s.Attach(n, name, name, addressOf(node)))
	}
	return k
}

// sockets opens UDP sockets: n1's is connected to n2's, which has room for all that a test sends.
func (k kernelStage) sockets(t testing.TB) (from net.Conn, to *net.UDPConn) {
	require.NoError(t, k.inside[1].Do(func() (err error) {
		to, err = net.ListenUDP("udp4", &net.UDPAddr{IP: addressOf(2).AsSlice(), Port: 7000})
		return err
	}))
	t.Cleanup(func() { _ = to.Close() })
	raw, err := to.SyscallConn()
	require.NoError(t, err)
	require.NoError(t, raw.Control(func(descriptor uintptr) {
		require.NoError(t, unix.SetsockoptInt(int(descriptor), unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, 64<<20))
	}))
	from, err = k.inside[0].Dial(t.Context(), "udp", "10.64.0.2:7000")
	require.NoError(t, err)
	t.Cleanup(func() { _ = from.Close() })
	return from, to
}

// flood sends numbered datagrams from n1 to n2, which nothing else does, and gives the numbers that
// arrive. It waits for as many as the counter says.
func (k kernelStage) flood(t *testing.T, count int, expected func(Counter) int64) (numbers []uint32) {
	from, to := k.sockets(t)
	payload := make([]byte, 64)
	for i := range count {
		binary.BigEndian.PutUint32(payload, uint32(i))
		_, err := from.Write(payload)
		require.NoError(t, err)
		if i%500 == 0 { // so that the device does not spill
			require.Eventually(t, func() bool { return k.Counters()[0].Frames > int64(i) }, 10*time.Second, 100*time.Microsecond)
		}
	}
	require.Eventually(t, func() bool {
		counter := k.Counters()[0]
		return counter.Frames == int64(count) && counter.Waiting == 0
	}, 10*time.Second, time.Millisecond)
	require.NoError(t, to.SetReadDeadline(time.Now().Add(10*time.Second)))
	for wanted := expected(k.Counters()[0]); ; wanted-- {
		if wanted == 0 { // and no more
			require.NoError(t, to.SetReadDeadline(time.Now().Add(20*time.Millisecond)))
		}
		size, err := to.Read(payload)
		if err != nil {
			require.ErrorIs(t, err, os.ErrDeadlineExceeded)
			require.Zero(t, wanted)
			return numbers
		}
		require.Equal(t, 64, size)
		numbers = append(numbers, binary.BigEndian.Uint32(payload))
	}
}

// delivered is all that the switch has delivered; intact, without what it has damaged.
func delivered(c Counter) int64 { return c.Delivered }
func intact(c Counter) int64    { return c.Delivered - c.Lost }

func TestSocketsTalk(t *testing.T) {
	var file bytes.Buffer
	k := onKernel(t, Options{Capture: &file})
	require.Equal(t, []string{"lo", "eth0"}, interfaces(t, k.inside[0]))
	require.Len(t, k.flood(t, 100, delivered), 100)
	listenIn(t, k.inside[1], "10.64.0.2:7001")
	socket, err := k.inside[0].Dial(t.Context(), "tcp", "10.64.0.2:7001")
	require.NoError(t, err)
	require.Contains(t, socket.LocalAddr().String(), "10.64.0.1:")
	echo(t, socket, string(bytes.Repeat([]byte("much"), 100_000)))
	require.NoError(t, socket.Close())
	losses, err := k.Losses()
	require.NoError(t, err)
	require.Equal(t, Losses{}, losses, "nobody asks for addresses, or says anything unasked")
	require.NoError(t, k.Close())
	counters := k.Counters()
	frames, _ := captured(t, file.Bytes())
	require.Len(t, frames, int(counters[0].Delivered+counters[1].Delivered))
	for _, frame := range frames {
		_, ok := parse([]byte(frame))
		require.True(t, ok)
	}
	require.Equal(t, "02000a400002"+"02000a400001"+"0800", fmt.Sprintf("%x", frames[0][:14]), "from n1 to n2")
}

// A goroutine floods the link; once Cut has returned nothing arrives, from the next frame on.
func TestCutIsExact(t *testing.T) {
	k := onKernel(t, Options{Network: link.Quality{Latency: link.Spread{Least: 200 * time.Microsecond, Jitter: time.Millisecond}}})
	from, to := k.sockets(t)
	back, err := k.inside[1].Dial(t.Context(), "udp", "10.64.0.1:7000")
	require.NoError(t, err)
	defer back.Close()
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
				_, _ = from.Write([]byte("forth"))
				_, _ = back.Write([]byte("back"))
				time.Sleep(20 * time.Microsecond)
			}
		}
	}()
	sums := func() (forth, back int64) { c := k.Counters(); return c[0].Delivered, c[1].Delivered }
	for range 5 {
		require.Eventually(t, func() bool { forth, _ := sums(); return forth > 100 }, 10*time.Second, time.Millisecond)
		began := time.Now()
		k.Cut("n1", "n2")
		took := time.Since(began)
		forth, backThen := sums()
		require.Eventually(t, func() bool { _, now := sums(); return now > backThen+100 }, 10*time.Second, time.Millisecond, "one way only")
		still, _ := sums()
		require.Equal(t, forth, still)
		t.Logf("cutting took %v", took)
		k.Mend("n1", "n2")
		require.Eventually(t, func() bool { now, _ := sums(); return now > forth+100 }, 10*time.Second, time.Millisecond)
	}
	require.Positive(t, k.Dropped("n1", "n2"))
	require.Zero(t, k.Dropped("n2", "n1"))
	close(stop)
	<-stopped
	require.NoError(t, to.Close())
}

func TestLoss(t *testing.T) {
	k := onKernel(t, Options{Seed: 1})
	k.Disturb("n1", "n2", link.Quality{Loss: link.Chance{Of: 20, In: 100}})
	got := k.flood(t, 10_000, delivered)
	require.InDelta(t, 8000, len(got), 100)
	require.True(t, slices.IsSorted(got))
	counter := k.Counters()[0]
	require.Equal(t, int64(10_000-len(got)), counter.Lost)
	require.Equal(t, counter.Lost, counter.Disturbed)
	losses, err := k.Losses()
	require.NoError(t, err)
	require.Zero(t, losses.Spilled)
	require.NoError(t, k.Detach("n1"))
	require.NoError(t, k.Detach("n2"))
	again := onKernel(t, Options{Seed: 1})
	again.Disturb("n1", "n2", link.Quality{Loss: link.Chance{Of: 20, In: 100}})
	require.Equal(t, got, again.flood(t, 10_000, delivered), "the same frames")
}

func TestDuplicates(t *testing.T) {
	k := onKernel(t, Options{Network: link.Quality{Duplicate: link.Chance{Of: 1, In: 10}}})
	got := k.flood(t, 2000, delivered)
	require.InDelta(t, 2200, len(got), 60)
	require.True(t, slices.IsSorted(got))
	require.Len(t, slices.Compact(got), 2000)
}

func TestReordering(t *testing.T) {
	k := onKernel(t, Options{Network: link.Quality{Latency: link.Spread{Least: time.Millisecond}, Reorder: link.Chance{Of: 1, In: 10}}})
	got := k.flood(t, 2000, delivered)
	require.False(t, slices.IsSorted(got))
	slices.Sort(got)
	require.Len(t, slices.Compact(got), 2000)
}

func TestCorruption(t *testing.T) {
	k := onKernel(t, Options{Network: link.Quality{Corrupt: link.Chance{Of: 1, In: 10}}})
	got := k.flood(t, 2000, intact)
	counter := k.Counters()[0]
	require.InDelta(t, 200, counter.Lost, 50)
	require.Equal(t, int64(2000), counter.Delivered)
	require.Len(t, got, 2000-int(counter.Lost), "the checksum gives the damaged ones away")
}

func TestDelay(t *testing.T) {
	k := onKernel(t, Options{})
	listenIn(t, k.inside[1], "10.64.0.2:7001")
	socket, err := k.inside[0].Dial(t.Context(), "tcp", "10.64.0.2:7001")
	require.NoError(t, err)
	defer socket.Close()
	by := link.Quality{Latency: link.Spread{Least: 50 * time.Millisecond}}
	k.Disturb("n1", "n2", by)
	began := time.Now()
	echo(t, socket, "hello")
	took := time.Since(began)
	t.Logf("there in 50 ms and back at once: %v", took)
	require.GreaterOrEqual(t, took, 50*time.Millisecond)
	k.Calm("n1", "n2", by)
}

func TestNarrowLink(t *testing.T) {
	k := onKernel(t, Options{})
	k.Disturb("n1", "n2", link.Quality{Bandwidth: 1_000_000})
	listenIn(t, k.inside[1], "10.64.0.2:7001")
	socket, err := k.inside[0].Dial(t.Context(), "tcp", "10.64.0.2:7001")
	require.NoError(t, err)
	defer socket.Close()
	began := time.Now()
	echo(t, socket, string(make([]byte, 200_000)))
	took := time.Since(began)
	t.Logf("200 kB at 1 MB/s: %v", took)
	require.GreaterOrEqual(t, took, 200*time.Millisecond)
}

// The namespace of a process that is gone can be replaced by another.
func TestAttachToNewNamespace(t *testing.T) {
	k := onKernel(t, Options{})
	for round := range 3 {
		process := exec.Command("sleep", "60")
		process.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
		require.NoError(t, process.Start())
		n, err := NamespaceOf(process.Process.Pid)
		require.NoError(t, err)
		require.NoError(t, k.Attach(n, "n3", "n3", addressOf(3)))
		require.NoError(t, n.Do(func() error {
			addresses, err := net.InterfaceAddrs()
			require.Len(t, addresses, 1, "the one given, nothing of IPv6")
			return err
		}))
		require.ErrorContains(t, k.Attach(n, "n4", "n4", addressOf(4)), "attaching n4: making eth0: TUNSETIFF: device or resource busy")
		listenIn(t, n, "10.64.0.3:7001")
		require.NoError(t, n.Close())
		socket, err := k.inside[0].Dial(t.Context(), "tcp", "10.64.0.3:7001")
		require.NoError(t, err, "round %d", round)
		echo(t, socket, "hello")
		require.NoError(t, socket.Close())
		require.NoError(t, process.Process.Kill())
		_ = process.Wait()
		require.NoError(t, k.Detach("n3"))
	}
}

func TestNothingIsLeftRunning(t *testing.T) {
	wantAble(t)
	round := func() {
		t.Run("round", func(t *testing.T) {
			k := onKernel(t, Options{Capture: &bytes.Buffer{}, Network: link.Quality{Latency: link.Spread{Least: time.Hour}}})
			from, _ := k.sockets(t)
			_, err := from.Write([]byte("still under way at the end"))
			require.NoError(t, err)
		})
	}
	round() // what is made once, such as the runtime's poller
	goroutines, files := runtime.NumGoroutine(), openFiles(t)
	round()
	for end := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > goroutines || openFiles(t) > files; time.Sleep(time.Millisecond) {
		require.True(t, time.Now().Before(end), "goroutines %d, then %d; files %d, then %d", goroutines, runtime.NumGoroutine(), files, openFiles(t))
	}
}

func openFiles(t *testing.T) int {
	entries, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return len(entries)
}
