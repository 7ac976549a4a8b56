package apregistry

import "time"

// server is a node as a client sees it.
type server struct {
	caller   caller
	suspect  bool          // it failed the last time
	avoided  time.Duration // in quarantine until then, on the monotonic clock
	unlisted time.Duration // it refused a list, and is in quarantine until then for who wants one; 0 if it has given one since
}

// standing is whether a request is to mind that the server failed, and until when it is in quarantine for it. A server that
// boots refuses lists alone: what else it answers says nothing of its lists.
func (s *server) standing(a Action) (suspect bool, avoided time.Duration) {
	if a.lists() {
		return s.suspect || s.unlisted > 0, max(s.avoided, s.unlisted)
	}
	return s.suspect, s.avoided
}

// trust forgets that the server failed, as it has just answered.
func (s *server) trust(a Action) {
	s.suspect, s.avoided = false, 0
	if a.lists() {
		s.unlisted = 0
	}
}

// distrust puts the server into quarantine until a time, as it failed or refused.
func (s *server) distrust(a Action, refused bool, until time.Duration) {
	s.suspect, s.avoided = true, until
	if refused && a.lists() {
		s.unlisted = until
	}
}

// question is one request that a client asks of one server after another, until one answers.
type question struct {
	client   *Client
	request  request
	asking   *server // the server that is asked now
	tried    []*server
	problem  problem // the gravest so far
	canceled bool    // nobody waits for it any more: it goes to no further server
	round    *round  // in which it is asked, nil if in none
	done     func(reply)
}

// reply is the end of a question. What is in it, but for texts, is there until done returns.
type reply struct {
	*response
	server  string  // who answered
	problem problem // why nobody did
}

// noResponse is that of a reply which is none.
var noResponse response

// ask starts a question. done is called exactly once, never before ask has returned.
func (c *Client) ask(r *request, done func(reply)) *question {
	q := &question{client: c, request: *r, done: done}
	q.next()
	return q
}

// next tries the next server, if there is one and tries are left.
func (q *question) next() {
	s := q.choose()
	if s == nil || q.canceled {
		q.end(reply{response: &noResponse, problem: q.problem})
		return
	}
	q.tried = append(q.tried, s)
	q.asking = s
	s.caller.ask(&q.request, q)
}

// heard takes the end of one try.
func (q *question) heard(answer *response, why failure) {
	s, p := q.asking, problemOf(answer, why)
	if q.request.action == actionGetDelta && why == answered && answer.code == codeForbidden {
		p = noProblem // it gives no deltas, which is no failure
	}
	if p == noProblem {
		s.trust(q.request.action)
		q.end(reply{response: answer, server: s.caller.to})
		return
	}
	s.distrust(q.request.action, why == answered, q.client.env.Elapsed()+q.client.options.Quarantine)
	q.problem = max(q.problem, p)
	q.next()
}

// end ends the question. An answer that comes after its round is nobody's.
func (q *question) end(r reply) {
	if q.round == nil {
		q.done(r)
		return
	}
	q.round.open--
	if !q.round.over {
		q.done(r)
		q.round.settle()
	}
}

// choose gives the server to try next, of those not tried the nearest that is not in quarantine. Once
// one has failed, those that have not failed themselves come first, so that a request spends its time
// on one lost server at most; those in quarantine come last. Of those that have failed the one that did so
// longest ago comes first: so a client that asks rarely also comes to try every server, and not the
// nearest ones again each time.
func (q *question) choose() *server {
	if len(q.tried) >= q.client.options.Attempts {
		return nil
	}
	now := q.client.env.Elapsed()
	var best *server
	var until time.Duration // the end of its quarantine
	rank := 3
	for _, s := range q.client.servers {
		if q.asked(s) {
			continue
		}
		its := 2
		suspect, avoided := s.standing(q.request.action)
		switch {
		case avoided <= now && (!suspect || len(q.tried) == 0):
			its = 0
		case avoided <= now:
			its = 1
		}
		if its < rank || its == rank && its > 0 && avoided < until {
			best, rank, until = s, its, avoided
		}
	}
	return best
}

func (q *question) asked(s *server) bool {
	for _, tried := range q.tried {
		if tried == s {
			return true
		}
	}
	return false
}
