package image

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"cleave/world"
)

// How a node is watched.
const (
	lookEvery = 200 * time.Millisecond
	lookLimit = time.Second // for an answer
)

// probe is a Probe that can be put to a node.
type probe struct {
	Probe
	when condition
}

func (p Probe) compile() (probe, error) {
	when, err := p.When.compile()
	made := probe{p, when}
	switch {
	case err != nil:
		return made, fmt.Errorf("when: %w", err)
	case p.Path == "" && (p.Method != "" || p.Body != "" || p.When != Condition{}):
		return made, errors.New("without a path nothing is asked, and a connection is enough")
	case p.Path == "":
		return made, checkPort(p.Port)
	case !strings.HasPrefix(p.Path, "/"):
		return made, fmt.Errorf("path: %.60q does not begin with /", p.Path)
	}
	if p.When == (Condition{}) {
		made.when = usualRules[0].when
	}
	if err := checkPort(p.Port); err != nil {
		return made, err
	}
	_, err = made.request(context.Background())
	return made, err
}

// compile gives nothing of nil.
func (l *Leader) compile() (made struct {
	probe probe
	term  *extract
}, err error) {
	if l == nil {
		return made, nil
	}
	if l.Probe.Path == "" {
		return made, errors.New("probe: a path is wanted: a connection alone does not say who leads")
	}
	if made.probe, err = l.Probe.compile(); err != nil {
		return made, fmt.Errorf("probe: %w", err)
	}
	if made.term, err = l.Term.compile(); err != nil {
		return made, fmt.Errorf("term: %w", err)
	}
	return made, nil
}

func (p probe) address() string { return fmt.Sprintf("127.0.0.1:%d", p.Port) }

func (p probe) request(ctx context.Context) (*http.Request, error) {
	return http.NewRequestWithContext(ctx, cmp.Or(p.Method, http.MethodGet), "http://"+p.address()+p.Path, bytes.NewReader([]byte(p.Body)))
}

// look puts the probe to a node. An error is of a node that does not answer.
func (p probe) look(ctx context.Context, dial world.Dial) (found response, holds bool, err error) {
	limited, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	connection, err := dial(limited, "tcp", p.address())
	if err != nil || p.Path == "" {
		return response{}, err == nil, errors.Join(err, closed(connection))
	}
	request, err := p.request(limited)
	if err != nil {
		return response{}, false, errors.Join(err, connection.Close())
	}
	found, err = roundTrip(connection, request)
	return found, err == nil && p.when.holds(found), err
}

func closed(connection net.Conn) error {
	if connection == nil {
		return nil
	}
	return connection.Close()
}

// standing is what a node was found to be.
type standing struct {
	known bool // it answered
	leads bool
	term  uint64 // 0 if it does not lead, or nobody can tell
}

// monitor follows a node until the context ends: whether it serves, and then whether it leads.
func (f File) monitor(ctx context.Context, _ string, dial world.Dial, watcher world.Watcher) {
	ready, _ := f.Ready.compile()   // Parse has tried both
	leader, _ := f.Leader.compile() // of nil it is empty
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	serves, last, told := false, standing{}, standing{}
	for {
		if !serves {
			if _, holds, err := ready.look(ctx, dial); err == nil && holds && ctx.Err() == nil {
				serves = true
				watcher.Ready()
			}
		}
		if f.Leader != nil {
			if answer, leads, err := leader.probe.look(ctx, dial); err == nil && ctx.Err() == nil {
				now := standingOf(answer, leads, leader.term)
				// One that is new counts if the next one is the same: who has just been elected may say so with
				// the term before.
				if now == last && now != told {
					now.tell(watcher, told)
					told = now
				}
				last = now
			}
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

func standingOf(answer response, leads bool, term *extract) standing {
	number, found := term.number(answer)
	if !leads || term != nil && !found { // a leader without a term is none yet
		return standing{known: true}
	}
	return standing{known: true, leads: true, term: number}
}

// tell tells of a change. Where there are no terms, the latest to lead counts as the leader.
func (s standing) tell(watcher world.Watcher, before standing) {
	if before.leads {
		watcher.Leads(before.term, false)
	}
	switch {
	case !s.leads:
		watcher.Note("follower", "")
	case s.term == 0:
		watcher.Note("leader", "")
		watcher.Leads(uint64(time.Now().UnixMilli()), true)
	default:
		watcher.Note("leader", fmt.Sprintf("term %d", s.term))
		watcher.Leads(s.term, true)
	}
}
