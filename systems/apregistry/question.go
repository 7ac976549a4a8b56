package apregistry

import "time"

// server is a node as a client sees it.
type server struct {
	caller  caller
	avoided time.Duration // in quarantine until then, on the monotonic clock
}

// question is one request that a client asks of one server after another, until one answers.
type question struct {
	client   *client
	request  *request
	tried    []*server
	problem  problem // the gravest so far
	canceled bool    // nobody waits for it any more: it goes to no further server
	done     func(reply)
}

// reply is the end of a question.
type reply struct {
	response
	server  string  // who answered
	problem problem // why nobody did
}

// ask starts a question. done is called exactly once, never before ask has returned.
func (c *client) ask(r *request, done func(reply)) *question {
	q := &question{client: c, request: r, done: done}
	q.next()
	return q
}

// next tries the next server, if there is one and tries are left.
func (q *question) next() {
	s := q.choose()
	if s == nil || q.canceled {
		q.done(reply{problem: q.problem})
		return
	}
	q.tried = append(q.tried, s)
	s.caller.ask(q.request, func(answer response, why failure) {
		p := problemOf(answer, why)
		if p == noProblem {
			s.avoided = 0
			q.done(reply{response: answer, server: s.caller.to})
			return
		}
		s.avoided = q.client.env.Elapsed() + q.client.options.Quarantine
		q.problem = max(q.problem, p)
		q.next()
	})
}

// choose gives the server to try next: the nearest not tried, one in quarantine only if no other is
// left.
func (q *question) choose() *server {
	if len(q.tried) >= q.client.options.Attempts {
		return nil
	}
	now := q.client.env.Elapsed()
	var last *server
	for _, s := range q.client.servers {
		switch {
		case q.asked(s):
		case s.avoided <= now:
			return s
		case last == nil:
			last = s
		}
	}
	return last
}

func (q *question) asked(s *server) bool {
	for _, tried := range q.tried {
		if tried == s {
			return true
		}
	}
	return false
}
