package zookeeper

import (
	"context"
	"fmt"
	"io"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"cleave/world"
)

// How a node is watched.
const (
	lookEvery = 100 * time.Millisecond
	lookLimit = time.Second     // for an answer
	alone     = 4 * time.Second // a node that has looked for others for so long would serve if it had a quorum
)

// monitor asks a node what it is, by the four-letter word srvr, until the context ends.
func monitor(ctx context.Context, _ string, dial world.Dial, watcher world.Watcher) {
	address := netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), clientPort).String()
	look := look{watcher: watcher}
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		answer, err := word(ctx, dial, address, "srvr")
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			look.heard(standingIn(answer), time.Now())
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// word asks a four-letter word of a server.
func word(ctx context.Context, dial world.Dial, address, text string) (string, error) {
	limited, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	connection, err := dial(limited, "tcp", address)
	if err != nil {
		return "", err
	}
	defer connection.Close()
	stop := context.AfterFunc(limited, func() { connection.Close() })
	defer stop()
	if _, err := connection.Write([]byte(text)); err != nil {
		return "", err
	}
	const longest = 1 << 16
	answer, err := io.ReadAll(io.LimitReader(connection, longest))
	if err != nil {
		return "", err
	}
	return string(answer), nil
}

// standing is what a node says of itself.
type standing struct {
	mode  string // "leader", "follower", "standalone", "read-only", "looking"; "" if it cannot be told
	epoch uint64 // of its last transaction: the upper half of the zxid
}

// standingIn reads an answer to srvr.
func standingIn(answer string) (s standing) {
	if strings.Contains(answer, "not currently serving") {
		return standing{mode: "looking"}
	}
	for line := range strings.Lines(answer) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch name {
		case "Mode":
			s.mode = value
		case "Zxid":
			zxid, _ := strconv.ParseUint(strings.TrimPrefix(value, "0x"), 16, 64)
			s.epoch = zxid >> 32
		}
	}
	return s
}

// leads tells whether it is what the rest of the project calls a leader.
func (s standing) leads() bool { return s.mode == "leader" || s.mode == "standalone" }

// look is what has been seen of a node so far.
type look struct {
	watcher world.Watcher
	last    standing // the latest answer
	told    standing // the latest that the watcher was told of
	looking time.Time
	ready   bool
}

// heard takes an answer. One that is new counts if the next one is the same: a leader that has just
// been elected says so an instant before its zxid is of its own epoch, and would claim another's.
func (l *look) heard(now standing, at time.Time) {
	confirmed := now == l.last
	if !confirmed && now.mode == "looking" {
		l.looking = at
	}
	l.last = now
	if now.mode == "" || !confirmed {
		return
	}
	if !l.ready && (now.mode != "looking" || at.Sub(l.looking) >= alone) {
		l.ready = true
		l.watcher.Ready()
	}
	if now != l.told {
		l.tell(now)
	}
}

// tell tells of a change.
func (l *look) tell(now standing) {
	before := l.told
	l.told = now
	if before.mode == "read-only" && now.mode != before.mode {
		l.watcher.Note("read-only", "left")
	}
	if before.leads() && (!now.leads() || before.epoch != now.epoch) {
		l.watcher.Leads(before.epoch, false)
	}
	switch {
	case now.leads():
		l.watcher.Note("leader", fmt.Sprintf("term %d", now.epoch))
		l.watcher.Leads(now.epoch, true)
	case now.mode == "read-only":
		l.watcher.Note("read-only", "entered")
	case now.mode == "looking":
		l.watcher.Note("looking", "")
	default:
		l.watcher.Note(now.mode, fmt.Sprintf("term %d", now.epoch))
	}
}
