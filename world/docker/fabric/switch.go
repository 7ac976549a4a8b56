package fabric

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"cleave/internal/link"
)

// Options say how a switch treats frames that no fault touches.
type Options struct {
	Seed    uint64       // decides, with a link's ends and a frame's number on it, what becomes of that frame
	Network link.Quality // of links between endpoints of different hosts
	Local   link.Quality // of links between endpoints of one host
	Capture io.Writer    // takes a pcap of all frames that are delivered; nil for none
}

// Switch carries Ethernet frames between endpoints, each a TAP device in a network namespace. All its
// methods may be called from any goroutine.
type Switch struct {
	options  Options
	start    time.Time
	schedule *schedule
	capture  *capture     // nil without one
	strays   atomic.Int64 // frames that nobody is to have
	readers  sync.WaitGroup

	attaching sync.Mutex // held while endpoints come and go, which takes milliseconds; taken before mutex
	mutex     sync.Mutex // guards what follows
	attached  map[string]*endpoint
	paths     map[ends]*path // between all endpoints that ever were
	closed    bool
	failure   error // of readers that ended early
}

// New makes a switch without endpoints. It fails if the system has no timer left for it.
func New(options Options) (*Switch, error) {
	alarm, err := newAlarm()
	if err != nil {
		return nil, fmt.Errorf("a timer for the switch: %w", err)
	}
	s := &Switch{options: options, start: time.Now(), attached: map[string]*endpoint{}, paths: map[ends]*path{}}
	s.schedule = newSchedule(s.now, alarm)
	if options.Capture != nil {
		s.capture = newCapture(options.Capture, s.start)
	}
	return s, nil
}

// now is the time since the switch was made.
func (s *Switch) now() time.Duration { return time.Since(s.start) }

// Attach gives a namespace a network device, eth0, with an IPv4 address in a network of 16 bits, and
// connects it with all other endpoints, without ARP. host says beside whom the endpoint lives: the
// links between endpoints of equal hosts are Local. The namespace must have no eth0; it lives on until
// Detach even if the caller closes it and its processes end. An endpoint that was detached may be attached again under its name: its links
// keep their cuts, disturbances and counts.
func (s *Switch) Attach(namespace *Namespace, name, host string, address netip.Addr) error {
	return s.attach(name, host, address, func() (device, error) { return openTap(namespace, address) })
}

func (s *Switch) attach(name, host string, address netip.Addr, open func() (device, error)) error {
	s.attaching.Lock()
	defer s.attaching.Unlock()
	others, err := s.beside(name, address)
	if err != nil {
		return fmt.Errorf("attaching %s: %w", name, err)
	}
	opened, err := open()
	if err != nil {
		return fmt.Errorf("attaching %s: %w", name, err)
	}
	new := &endpoint{name: name, host: host, address: address, device: opened, done: make(chan struct{})}
	for _, other := range others {
		if err = introduce(new, other); err != nil {
			return errors.Join(fmt.Errorf("attaching %s: %w", name, err), opened.Close())
		}
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.closed {
		return errors.Join(fmt.Errorf("attaching %s: %w", name, errClosed), opened.Close())
	}
	s.attached[name] = new
	s.connect(new)
	s.readers.Go(func() { s.read(new) })
	return nil
}

var errClosed = errors.New("the switch is closed")

// beside lists the other endpoints, and objects to one that is there already.
func (s *Switch) beside(name string, address netip.Addr) ([]*endpoint, error) {
	if !address.Is4() {
		return nil, fmt.Errorf("%v is not an IPv4 address", address)
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.closed {
		return nil, errClosed
	}
	var others []*endpoint
	for _, other := range s.attached {
		if other.name == name {
			return nil, errors.New("it is attached already")
		}
		if other.address == address {
			return nil, fmt.Errorf("%v is the address of %s", address, other.name)
		}
		others = append(others, other)
	}
	return others, nil
}

// connect makes the links between an endpoint and all others, and tells everybody. mutex is held.
func (s *Switch) connect(new *endpoint) {
	for _, other := range s.attached {
		if other != new {
			s.path(new, other).lead(other)
			s.path(other, new).lead(new)
		}
	}
	for _, each := range s.attached {
		routes := make(map[[4]byte]*path, len(s.attached))
		for _, other := range s.attached {
			if other != each {
				routes[other.address.As4()] = s.paths[ends{each.name, other.name}]
			}
		}
		each.routes.Store(&routes)
	}
}

// path finds or makes a link. mutex is held.
func (s *Switch) path(from, to *endpoint) *path {
	key := ends{from.name, to.name}
	p := s.paths[key]
	if p == nil {
		p = newPath(s, key)
		s.paths[key] = p
	}
	quality := s.options.Network
	if from.host == to.host {
		quality = s.options.Local
	}
	p.improve(quality)
	return p
}

// Detach takes an endpoint's device away. Frames that wait for it are lost. It gives the error that
// ended the endpoint early, if any, or that there is no such endpoint.
func (s *Switch) Detach(name string) error {
	s.attaching.Lock()
	defer s.attaching.Unlock()
	s.mutex.Lock()
	gone := s.attached[name]
	delete(s.attached, name)
	for key, p := range s.paths {
		if key.to == name {
			p.lead(nil)
		}
	}
	s.mutex.Unlock()
	if gone == nil {
		return fmt.Errorf("detaching %s: it is not attached", name)
	}
	return gone.end()
}

// Close takes all devices away and ends the switch; what waits is lost. The capture is complete when
// it returns. It gives the first errors of reading devices and of writing the capture. Only the first
// Close does anything.
func (s *Switch) Close() error {
	s.attaching.Lock()
	defer s.attaching.Unlock()
	s.mutex.Lock()
	attached := s.attached
	s.attached = map[string]*endpoint{}
	closed := s.closed
	s.closed = true
	s.mutex.Unlock()
	if closed {
		return nil
	}
	for _, each := range attached {
		_ = each.end() // what ended it early is in s.failure too
	}
	s.readers.Wait()
	err := errors.Join(s.Err(), s.schedule.close())
	if s.capture != nil {
		err = errors.Join(err, s.capture.close())
	}
	return err
}

// Err is what went wrong with devices so far, e.g. that somebody removed one; nil for nothing.
func (s *Switch) Err() error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.failure
}

func (s *Switch) fail(err error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.failure = errors.Join(s.failure, err)
}
