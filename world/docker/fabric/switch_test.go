package fabric

import (
	"encoding/binary"
	"fmt"
	"io"
	"net/netip"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/internal/link"
)

// pretended is a device without a kernel behind it.
type pretended struct {
	frames chan []byte
	ended  chan struct{}
	once   sync.Once

	mutex     sync.Mutex
	arrived   []string // payloads
	at        []time.Time
	neighbors []string
}

func newPretended() *pretended {
	return &pretended{frames: make(chan []byte), ended: make(chan struct{})}
}

func (p *pretended) Read(buffer []byte) (int, error) {
	select {
	case frame := <-p.frames:
		return copy(buffer, frame), nil
	case <-p.ended:
		return 0, os.ErrClosed
	}
}

func (p *pretended) Write(frame []byte) (int, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.arrived = append(p.arrived, string(frame[ethernetHeader+leastIPHeader:]))
	p.at = append(p.at, time.Now())
	return len(frame), nil
}

func (p *pretended) Close() error {
	p.once.Do(func() { close(p.ended) })
	return nil
}

func (p *pretended) meet(neighbour netip.Addr) error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.neighbors = append(p.neighbors, neighbour.String())
	return nil
}

func (p *pretended) spilled() (int64, error) { return 7, nil }

// got is what has arrived so far.
func (p *pretended) got() []string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return slices.Clone(p.arrived)
}

// stage is a switch with two pretended devices, n1 and n2.
type stage struct {
	*Switch
	n1, n2 *pretended
}

func set(t testing.TB, options Options) stage {
	s, err := New(options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	st := stage{s, newPretended(), newPretended()}
	require.NoError(t, s.attach("n1", "n1", one, func() (device, error) { return st.n1, nil }))
	require.NoError(t, s.attach("n2", "n2", two, func() (device, error) { return st.n2, nil }))
	return st
}

// send has n1 send to n2. The frame before has been dealt with when it returns.
func (s stage) send(payload string) { s.n1.frames <- packed(one, two, payload) }

// settle waits until n1's frames have been dealt with and none waits.
func (s stage) settle(t testing.TB) Counter {
	s.n1.frames <- packed(one, three, "to nobody")
	s.n1.frames <- packed(one, three, "to nobody") // when this is taken, the first is done
	var counter Counter
	require.Eventually(t, func() bool {
		counter = s.Counters()[0]
		return counter.Waiting == 0
	}, 10*time.Second, time.Millisecond)
	return counter
}

func numbers(from, to int) (all []string) {
	for i := from; i < to; i++ {
		all = append(all, fmt.Sprintf("%06d", i))
	}
	return all
}

func TestForwards(t *testing.T) {
	s := set(t, Options{})
	require.Equal(t, []string{"10.64.0.2"}, s.n1.neighbors)
	require.Equal(t, []string{"10.64.0.1"}, s.n2.neighbors)
	s.send("hello")
	s.n1.frames <- packed(three, two, "with another's address")
	s.n1.frames <- []byte("noise")
	counter := s.settle(t)
	require.Equal(t, []string{"hello"}, s.n2.got())
	require.Equal(t, Counter{From: "n1", To: "n2", Frames: 1, Bytes: 39, Delivered: 1}, counter)
	require.Equal(t, Counter{From: "n2", To: "n1"}, s.Counters()[1])
	losses, err := s.Losses()
	require.NoError(t, err)
	require.GreaterOrEqual(t, losses.Strays, int64(3))
	require.Equal(t, int64(14), losses.Spilled)
}

func TestOrderIsKept(t *testing.T) {
	s := set(t, Options{Network: link.Quality{Latency: link.Spread{Jitter: time.Millisecond}}})
	for _, payload := range numbers(0, 3000) {
		s.send(payload)
	}
	s.settle(t)
	require.Equal(t, numbers(0, 3000), s.n2.got())
}

func TestHeldFramesAreOvertaken(t *testing.T) {
	s := set(t, Options{Network: link.Quality{Latency: link.Spread{Least: time.Millisecond}, Reorder: link.Chance{Of: 1, In: 10}}})
	for _, payload := range numbers(0, 1000) {
		s.send(payload)
		time.Sleep(10 * time.Microsecond)
	}
	s.settle(t)
	got := s.n2.got()
	require.False(t, slices.IsSorted(got))
	slices.Sort(got)
	require.Equal(t, numbers(0, 1000), got)
}

func TestCutStopsFramesUnderWay(t *testing.T) {
	s := set(t, Options{Network: link.Quality{Latency: link.Spread{Least: 150 * time.Millisecond}}})
	for _, payload := range numbers(0, 10) {
		s.send(payload)
	}
	s.Cut("n1", "n2")
	s.Cut("n1", "n2")
	s.Mend("n1", "n2")
	for _, payload := range numbers(10, 15) {
		s.send(payload)
	}
	s.settle(t)
	require.Empty(t, s.n2.got())
	require.Equal(t, int64(15), s.Dropped("n1", "n2"))
	require.Zero(t, s.Dropped("n2", "n1"))
	s.Mend("n1", "n2")
	s.send("again")
	s.settle(t)
	require.Equal(t, []string{"again"}, s.n2.got())
	require.PanicsWithValue(t, "fabric: mending n1>n2, which is not cut", func() { s.Mend("n1", "n2") })
	require.PanicsWithValue(t, "fabric: there is no link n1>n9", func() { s.Cut("n1", "n9") })
}

func TestDisturbAndCalm(t *testing.T) {
	s := set(t, Options{})
	all := link.Quality{Loss: link.Chance{Of: 1, In: 1}}
	s.Disturb("n1", "n2", all)
	s.send("lost")
	s.settle(t)
	s.Calm("n1", "n2", all)
	s.send("passes")
	counter := s.settle(t)
	require.Equal(t, []string{"passes"}, s.n2.got())
	require.Equal(t, Counter{From: "n1", To: "n2", Frames: 2, Bytes: ethernetHeader + leastIPHeader + 6, Delivered: 1, Lost: 1, Disturbed: 1}, counter)
	require.Equal(t, int64(1), s.Disturbed("n1", "n2"))
	require.PanicsWithValue(t, "fabric: calming n1>n2, which is not disturbed so", func() { s.Calm("n1", "n2", all) })
}

func TestHostsAreCloser(t *testing.T) {
	s := set(t, Options{Network: link.Quality{Loss: link.Chance{Of: 1, In: 1}}})
	c1 := newPretended()
	require.NoError(t, s.attach("c1", "n1", three, func() (device, error) { return c1, nil }))
	s.send("far")
	s.n1.frames <- packed(one, three, "near")
	s.send("far")
	require.Equal(t, []string{"near"}, c1.got())
	require.Empty(t, s.n2.got())
}

func TestTooMuchWaiting(t *testing.T) {
	s := set(t, Options{Network: link.Quality{Latency: link.Spread{Least: 500 * time.Millisecond}}})
	most := mostWaiting / largestFrame
	for range most + 100 {
		s.send("much")
	}
	s.n1.frames <- nil
	s.n1.frames <- nil
	counter := s.Counters()[0]
	require.Equal(t, int64(most+100), counter.Frames)
	if counter.Delivered == 0 { // else this machine was too slow to fill the link
		require.Equal(t, []int64{100, int64(most)}, []int64{counter.Overflowed, counter.Waiting})
	}
}

func TestBandwidth(t *testing.T) {
	s := set(t, Options{Network: link.Quality{Bandwidth: 100_000}})
	began := time.Now()
	payload := string(make([]byte, 1000-ethernetHeader-leastIPHeader))
	for range 20 {
		s.send(payload)
	}
	s.settle(t)
	require.Len(t, s.n2.got(), 20)
	require.GreaterOrEqual(t, s.n2.at[19].Sub(began), 200*time.Millisecond)
}

func TestDetachAndAttachAgain(t *testing.T) {
	s := set(t, Options{})
	s.send("before")
	s.settle(t)
	s.Cut("n1", "n2")
	require.NoError(t, s.Detach("n2"))
	require.EqualError(t, s.Detach("n2"), "detaching n2: it is not attached")
	s.Mend("n1", "n2")
	s.send("meanwhile")
	s.settle(t)
	require.Equal(t, int64(1), s.Counters()[0].Unclaimed)
	again := newPretended()
	open := func() (device, error) { return again, nil }
	require.EqualError(t, s.attach("n1", "n1", two, open), "attaching n1: it is attached already")
	require.EqualError(t, s.attach("n2", "n2", one, open), "attaching n2: 10.64.0.1 is the address of n1")
	require.EqualError(t, s.attach("n2", "n2", netip.IPv6Loopback(), open), "attaching n2: ::1 is not an IPv4 address")
	require.NoError(t, s.attach("n2", "n2", two, open))
	s.send("after")
	counter := s.settle(t)
	require.Equal(t, []string{"after"}, again.got())
	require.Equal(t, int64(3), counter.Frames, "the link goes on counting")
}

func TestBrokenDevice(t *testing.T) {
	s, err := New(Options{})
	require.NoError(t, err)
	broken := &brokenDevice{newPretended()}
	require.NoError(t, s.attach("n1", "n1", one, func() (device, error) { return broken, nil }))
	require.Eventually(t, func() bool { return s.Err() != nil }, 5*time.Second, time.Millisecond)
	const message = "reading the device of n1: unexpected EOF"
	require.EqualError(t, s.Err(), message)
	require.EqualError(t, s.Close(), message)
	require.NoError(t, s.Close(), "the second does nothing")
	require.EqualError(t, s.attach("n1", "n1", one, nil), "attaching n1: the switch is closed")
}

type brokenDevice struct{ *pretended }

func (b *brokenDevice) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// fates sends frames over a bad link and tells how often, and how damaged, each arrived.
func fates(t *testing.T, seed uint64) map[uint32][]string {
	half := link.Chance{Of: 1, In: 4}
	s := set(t, Options{Seed: seed, Network: link.Quality{Latency: link.Spread{Jitter: 100 * time.Microsecond},
		Loss: half, Duplicate: half, Reorder: half, Corrupt: half}})
	const copies = 4 // of a number, so that one damaged bit does not hide it
	for i := range uint32(1000) {
		payload := make([]byte, 0, 4*copies)
		for range copies {
			payload = binary.BigEndian.AppendUint32(payload, i)
		}
		s.send(string(payload))
	}
	s.settle(t)
	all := map[uint32][]string{}
	for _, payload := range s.n2.got() {
		number := uint32(0)
		for bit := range 32 { // what most copies say
			votes := 0
			for i := range copies {
				votes += int(binary.BigEndian.Uint32([]byte(payload[4*i:]))>>bit) & 1
			}
			if votes > copies/2 {
				number |= 1 << bit
			}
		}
		all[number] = append(all[number], payload)
	}
	return all
}

func TestSameSeedSameFates(t *testing.T) {
	first := fates(t, 42)
	require.Equal(t, first, fates(t, 42))
	require.NotEqual(t, first, fates(t, 43))
}

// The timer is better than Go's own, which are late by up to a millisecond. How good it is depends on
// what else the machine does, so the test wants little and says what it saw.
func TestShortLatencies(t *testing.T) {
	const least, jitter, count = 300 * time.Microsecond, 400 * time.Microsecond, 400
	s := set(t, Options{Network: link.Quality{Latency: link.Spread{Least: least, Jitter: jitter}}})
	sent := make([]time.Time, count)
	for i := range sent {
		sent[i] = time.Now()
		s.send("hello")
		time.Sleep(time.Millisecond)
	}
	s.settle(t)
	took := make([]time.Duration, count)
	for i := range took {
		took[i] = s.n2.at[i].Sub(sent[i])
	}
	slices.Sort(took)
	t.Logf("latencies of %v to %v: least %v, median %v, 90%% %v, 99%% %v", least, least+jitter, took[0], took[count/2], took[count*9/10], took[count*99/100])
	require.GreaterOrEqual(t, took[0], least)
	require.Less(t, took[count/4], least+jitter+5*time.Millisecond)
}
