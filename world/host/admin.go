package host

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"time"

	"cleave/internal/rng"
	"cleave/world"
)

const (
	mostPast     = 1000                   // notes that are told to who comes later
	mostUnread   = 1000                   // lines more that may wait for somebody who does not read
	mostWatching = 64                     // connections
	unreadLimit  = 5 * time.Second        // for one line to go out
	farewell     = 500 * time.Millisecond // for the last ones
)

// admin is where a process is watched, its clock set, and its members named, from outside: a socket for the harness, which
// no fault of the network is to reach. All methods may be called on nil, which has nobody watch.
type admin struct {
	host     *host
	listener net.Listener
	group    sync.WaitGroup
	leader   world.Leader // the process, if it may lead
	leading  uint64       // the term it leads in, 0 for none; the loop's

	mutex    sync.Mutex
	watching map[*watching]struct{} // nil once it is closed
	past     []adminLine            // the last notes
	notes    uint64                 // how many there were
	ready    bool
	leads    adminLine // what was said last of it
	life     string
}

// watching is a connection.
type watching struct {
	admin  *admin
	socket net.Conn
	lines  chan []byte // closed under the mutex, when nothing more is told
}

// listenAdmin opens the socket.
func (h *host) listenAdmin() error {
	address := h.options.Admin
	if address == "" {
		return nil
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		h.closeListeners()
		return &ListenError{"admin", address, err}
	}
	a := &admin{host: h, listener: listener, watching: map[*watching]struct{}{}}
	a.leader, _ = h.process.(world.Leader)
	a.life = strconv.FormatUint(rng.Mix(h.options.Seed, uint64(h.started.UnixNano())), 16)
	h.addresses.Admin = listener.Addr().String()
	h.admin = a
	a.group.Go(a.accept)
	return nil
}

func (a *admin) accept() {
	for {
		socket, err := a.listener.Accept()
		switch {
		case err == nil:
			a.welcome(socket)
		case errors.Is(err, net.ErrClosed):
			return
		default:
			a.host.log.complain("admin", "cannot accept a connection on %s: %v", a.listener.Addr(), reasonIn(err))
			time.Sleep(acceptPause)
		}
	}
}

// welcome tells somebody who comes what was until now, and from now on what happens.
func (a *admin) welcome(socket net.Conn) {
	w := &watching{admin: a, socket: socket, lines: make(chan []byte, mostPast+mostUnread)}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if a.watching == nil || len(a.watching) == mostWatching {
		_ = socket.Close()
		return
	}
	a.watching[w] = struct{}{}
	w.lines <- (&adminLine{Life: a.life}).encode()
	if a.ready {
		w.lines <- (&adminLine{Ready: true}).encode()
	}
	if a.leads.Leads != nil {
		w.lines <- a.leads.encode()
	}
	for i := range a.past {
		w.lines <- a.past[i].encode()
	}
	a.group.Go(w.write)
	a.group.Go(w.read)
}

// note tells of a note.
func (a *admin) note(kind, detail string) {
	if a == nil {
		return
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.notes++
	line := adminLine{Note: &adminNote{a.notes, kind[:min(len(kind), mostText/8)], detail[:min(len(detail), mostText)]}}
	if len(a.past) == mostPast {
		a.past = append(a.past[:0], a.past[1:]...)
	}
	a.past = append(a.past, line)
	a.tell(&line)
}

// serves says that the process has started and takes connections.
func (a *admin) serves() {
	if a == nil {
		return
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.ready = true
	a.tell(&adminLine{Ready: true})
}

// look is called after each batch of events, and tells whether the process leads if that has changed.
func (a *admin) look() {
	if a == nil || a.leader == nil {
		return
	}
	term, leading := a.leader.Leading()
	now := uint64(0)
	if leading {
		now = term
	}
	if now == a.leading {
		return
	}
	a.leading = now
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.leads = adminLine{Leads: &leading, Term: term}
	a.tell(&a.leads)
}

// tell gives everybody a line, under the mutex.
func (a *admin) tell(line *adminLine) {
	if len(a.watching) == 0 {
		return
	}
	text := line.encode()
	for w := range a.watching {
		a.give(w, text)
	}
}

// give gives somebody a line, under the mutex, and cuts him off if he does not read.
func (a *admin) give(w *watching, text []byte) {
	select {
	case w.lines <- text:
	default:
		w.cutOff()
		a.dismiss(w)
	}
}

// cutOff ends the connection of somebody who does not read.
func (w *watching) cutOff() {
	w.admin.host.log.complain("admin", "%s does not read what it is told: it is cut off", w.socket.RemoteAddr())
	_ = w.socket.Close()
}

// dismiss tells somebody nothing more, under the mutex.
func (a *admin) dismiss(w *watching) {
	if _, here := a.watching[w]; here {
		delete(a.watching, w)
		close(w.lines)
	}
}

// leave is the end of a connection.
func (w *watching) leave() {
	w.admin.mutex.Lock()
	defer w.admin.mutex.Unlock()
	w.admin.dismiss(w)
}

// write sends lines until there will be no more, and then ends the connection.
func (w *watching) write() {
	for line := range w.lines {
		_ = w.socket.SetWriteDeadline(time.Now().Add(unreadLimit))
		_, err := w.socket.Write(line)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			w.cutOff()
		}
		if err != nil {
			break
		}
	}
	_ = w.socket.Close()
}

// read carries out orders. One that is too long ends the connection.
func (w *watching) read() {
	scanner := bufio.NewScanner(w.socket)
	scanner.Buffer(make([]byte, 0, 512), mostOrder)
	for scanner.Scan() {
		w.answer(w.obey(scanner.Bytes()))
	}
	if errors.Is(scanner.Err(), bufio.ErrTooLong) {
		w.answer(fmt.Errorf("a line is longer than %d bytes", mostOrder))
	}
	w.leave()
}

func (w *watching) obey(line []byte) error {
	o, err := decodeOrder(line)
	if err != nil {
		return err
	}
	if o.enlists {
		return w.admin.host.enlist(o.roll)
	}
	w.admin.host.clock.set(o.offset, o.drift)
	w.admin.host.Logf("the clock is off by %v from now on, and by %d parts in a million", o.offset, o.drift)
	return nil
}

// enlist tells the process who is to be a member, when it gets to it.
func (h *host) enlist(roll world.Roll) error {
	enlisted, can := h.process.(world.Enlisted)
	if !can {
		return errors.New("members: this server cannot be told who is one")
	}
	h.queue.post(event{kind: actionEvent, action: func() { enlisted.Enlist(roll) }})
	h.Logf("no members from now on: %v; replaced: %v", roll.Out, roll.Renewed)
	return nil
}

func (w *watching) answer(err error) {
	line := adminLine{OK: err == nil}
	if err != nil {
		line.Error = err.Error()
	}
	w.admin.mutex.Lock()
	defer w.admin.mutex.Unlock()
	if _, here := w.admin.watching[w]; here {
		w.admin.give(w, line.encode())
	}
}

// close ends all connections, once the last lines have gone out.
func (a *admin) close() {
	if a == nil {
		return
	}
	_ = a.listener.Close()
	a.mutex.Lock()
	for w := range a.watching {
		defer time.AfterFunc(farewell, func() { _ = w.socket.Close() }).Stop()
		a.dismiss(w)
	}
	a.watching = nil
	a.mutex.Unlock()
	a.group.Wait()
}
