package host

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"cleave/world"
)

// How a node is followed that may not be there yet, or be gone for a while.
const (
	followDial  = time.Second // for one try to connect
	followPause = 20 * time.Millisecond
)

// Follow watches a node through its admin socket, Options.Admin, until the context ends, and tells
// watcher what it learns: that it serves, once for each start of it; its notes, once each, those of before
// the connection too, up to the last thousand; and whether it leads. It tries to connect for as long as
// nobody listens, and again when the connection ends: a node that is gone does not lead. dial is nil for
// this machine's. A node that is not understood is told of as a note of kind "admin", once.
func Follow(ctx context.Context, dial world.Dial, address string, watcher world.Watcher) {
	f := &follower{dial: orMachine(dial), address: address, watcher: watcher}
	for ctx.Err() == nil {
		err := f.follow(ctx)
		f.leads(0, false)
		if err != nil && !f.complained {
			f.complained = true
			watcher.Note("admin", fmt.Sprintf("what comes from %s is not understood: %v", address, err))
		}
		pause(ctx, followPause)
	}
}

// follower is what is known of a node.
type follower struct {
	dial       world.Dial
	address    string
	watcher    world.Watcher
	life       string // of the node, as it was last heard
	heard      uint64 // the last note's number in that life
	ready      bool   // that it serves was told, in that life
	term       uint64 // it leads in, 0 for none
	complained bool
}

// follow listens to one connection until it ends. An error is of what is said there.
func (f *follower) follow(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, followDial)
	socket, err := f.dial(limited, "tcp", f.address)
	cancel()
	if err != nil {
		return nil // nobody listens, yet or any more
	}
	defer func() { _ = socket.Close() }()
	defer context.AfterFunc(ctx, func() { _ = socket.Close() })()
	scanner := reports(socket)
	for scanner.Scan() && ctx.Err() == nil {
		line, err := decodeReport(scanner.Bytes())
		if err != nil {
			return err
		}
		f.take(&line)
	}
	if errors.Is(scanner.Err(), bufio.ErrTooLong) {
		return scanner.Err()
	}
	return nil
}

// take forwards what a line says that is news.
func (f *follower) take(line *adminLine) {
	switch {
	case line.Life != "" && line.Life != f.life:
		f.life, f.heard, f.ready = line.Life, 0, false
	case line.Ready && !f.ready:
		f.ready = true
		f.watcher.Ready()
	case line.Note != nil && line.Note.Number > f.heard:
		f.heard = line.Note.Number
		f.watcher.Note(line.Note.Kind, line.Note.Detail)
	case line.Leads != nil:
		f.leads(line.Term, *line.Leads)
	}
}

// leads forwards a change of leadership. A node that is gone leads no more in the term it led in.
func (f *follower) leads(term uint64, leading bool) {
	switch {
	case leading:
		f.term = term
		f.watcher.Leads(term, true)
	case f.term != 0:
		term = max(term, f.term)
		f.term = 0
		f.watcher.Leads(term, false)
	}
}

// SetClock sets the wall clock of a node through its admin socket: from now on it is off from its
// machine's by an offset, up to a hundred years, and by a drift in parts per million, up to half a million,
// which grows from now on. That of a node that starts again is right. It tries for as long as the context
// lasts to reach the node. dial is nil for this machine's.
func SetClock(ctx context.Context, dial world.Dial, address string, offset time.Duration, drift int64) error {
	return give(ctx, dial, address, order{offset: offset, drift: drift})
}

// Enlist tells a node through its admin socket who is to be a member of its cluster from now on. One that starts again
// has forgotten it. It tries for as long as the context lasts to reach the node. dial is nil for this machine's.
func Enlist(ctx context.Context, dial world.Dial, address string, roll world.Roll) error {
	return give(ctx, dial, address, order{enlists: true, roll: roll})
}

// give gives a node an order.
func give(ctx context.Context, dial world.Dial, address string, o order) error {
	dial = orMachine(dial)
	for {
		socket, err := dial(ctx, "tcp", address)
		if err == nil {
			end := context.AfterFunc(ctx, func() { _ = socket.Close() })
			err = tell(socket, o)
			_ = socket.Close()
			end()
			var refused refusal
			if errors.As(err, &refused) {
				return fmt.Errorf("%s: %w", o.failure(), err)
			}
			if err == nil {
				return nil
			}
		}
		if pause(ctx, followPause); ctx.Err() != nil {
			return fmt.Errorf("%s at %s: %w", o.failure(), address, err)
		}
	}
}

// refusal is what a node says that does not obey.
type refusal string

// Error says why.
func (r refusal) Error() string { return string(r) }

// failure is what it means that an order is not obeyed.
func (o order) failure() string {
	if o.enlists {
		return "the members are not told"
	}
	return "the clock is not set"
}

// tell sends the order, and waits for the answer among what else is told.
func tell(socket net.Conn, o order) error {
	if _, err := socket.Write(o.encode()); err != nil {
		return err
	}
	scanner := reports(socket)
	for scanner.Scan() {
		line, err := decodeReport(scanner.Bytes())
		switch {
		case err != nil:
			return err
		case line.OK:
			return nil
		case line.Error != "":
			return refusal(line.Error)
		}
	}
	if scanner.Err() != nil {
		return scanner.Err()
	}
	return errors.New("the connection ended before an answer")
}

// reports reads lines from a node.
func reports(socket net.Conn) *bufio.Scanner {
	scanner := bufio.NewScanner(socket)
	scanner.Buffer(make([]byte, 0, 4<<10), mostReport)
	return scanner
}

func orMachine(dial world.Dial) world.Dial {
	if dial == nil {
		return new(net.Dialer).DialContext
	}
	return dial
}

// pause waits, but not beyond the context.
func pause(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
