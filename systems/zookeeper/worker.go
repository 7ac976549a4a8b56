package zookeeper

import (
	"errors"

	"github.com/go-zookeeper/zk"

	"cleave/history"
	"cleave/systems/zkwire"
)

// errUnsent is the end of a connection before a request went out on it.
var errUnsent = errors.New("never sent")

// turn is one request of the worker's, through the library or past it.
type turn struct {
	number  int             // the connection that it is for
	sent    bool            // it went out
	zxid    int64           // of the reply
	own     *zkwire.Request // past the library, nil if through it
	reply   chan []byte     // to own
	settled chan struct{}   // closed when what follows from the reply has been done
}

// work does what there is to do until the client is closed.
func (u *user) work() {
	for {
		task, closed := u.next()
		switch {
		case closed:
			return
		case task != nil:
			task()
		default:
			select {
			case <-u.wake:
			case <-u.ended:
			}
		}
	}
}

// next is the worker's next task, nil if there is none now. What it keeps up comes before an operation.
func (u *user) next() (task func(), closed bool) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	u.settle()
	o := u.operation
	switch {
	case u.closed:
		return nil, true
	case !u.attached:
	case u.tidied != u.tap.number:
		number := u.tap.number
		u.tidied = number
		return func() { u.tidy(number) }, false
	case o == nil || o.begun:
	case o.request.Function != history.Home || u.current == 0:
		o.begun, o.number = true, u.tap.number
		return o.perform, false
	}
	return nil, false
}

// settle says that all that follows from the last reply has been done. The mutex is held.
func (u *user) settle() {
	if u.turn != nil {
		close(u.turn.settled)
		u.turn = nil
	}
}

// take begins a turn on the connection of a number, which must still be there.
func (u *user) take(number int, own *zkwire.Request) (*turn, *tap, *zk.Conn) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	u.settle()
	if !u.attached || u.tap.number != number {
		return nil, nil, nil
	}
	if own != nil {
		u.ownXid = max(u.ownXid+1, firstOwnXid) // it may have overflowed
		own.Xid = u.ownXid
	}
	u.turn = &turn{number: number, own: own, reply: make(chan []byte, 1), settled: make(chan struct{})}
	return u.turn, u.tap, u.session.handle
}

// call asks through the library, on the connection of a number. The error is the library's, or
// errUnsent if it is certain that nothing went out.
func (u *user) call(number int, ask func(*zk.Conn) error) (zxid int64, err error) {
	t, _, handle := u.take(number, nil)
	if t == nil {
		return 0, errUnsent
	}
	err = ask(handle)
	u.mutex.Lock()
	defer u.mutex.Unlock()
	if err != nil && !t.sent && !refuses(err) {
		err = errUnsent
	}
	return t.zxid, err
}

// ask asks past the library. The error is the server's refusal, with the reply, or the end of the
// connection, without.
func (u *user) ask(number int, q zkwire.Request) (*zkwire.Reply, error) {
	t, connection, _ := u.take(number, &q)
	if t == nil {
		return nil, errUnsent
	}
	if connection.send(framed(q.Append)) != nil {
		return nil, errLost
	}
	payload, found := t.await(connection)
	if !found {
		return nil, errLost
	}
	p, err := zkwire.DecodeReply(payload, q.Op)
	switch {
	case err != nil:
		return nil, errBadReply
	case p.Code != zkwire.OK:
		return &p, refusal(p.Code)
	}
	return &p, nil
}

// await waits for the reply, or the end of the connection without it.
func (t *turn) await(connection *tap) (payload []byte, found bool) {
	select {
	case payload = <-t.reply:
		return payload, true
	case <-connection.ended:
	}
	select {
	case payload = <-t.reply: // and the end soon after
		return payload, true
	default:
		return nil, false
	}
}

// sends tells whether a message of the library's may go out on a connection: it must be of the turn
// under way, and the turn for that connection. It takes the mutex.
func (u *user) sends(t *tap) bool {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	if u.tap != t || u.turn == nil || u.turn.number != t.number {
		return false
	}
	u.turn.sent = true
	return true
}

// answered takes a reply, and gives the turn that it answers, nil if none. It takes the mutex.
func (u *user) answered(from *tap, xid int32, zxid int64, code zkwire.Code, payload []byte) *turn {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	t := u.turn
	if u.tap != from {
		return nil
	}
	u.seen = max(u.seen, zxid)
	switch {
	case t == nil || (t.own != nil) != (xid >= firstOwnXid):
		return nil
	case t.own == nil:
		t.zxid = zxid
	case t.own.Xid != xid:
		return nil
	default:
		u.watches.armed(t.own, code)
		t.reply <- payload
	}
	return t
}

// sees takes note of a zxid in a reply to nobody. It takes the mutex.
func (u *user) sees(zxid int64) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	u.seen = max(u.seen, zxid)
}

// highest is the highest zxid in any reply to this client. It takes the mutex.
func (u *user) highest() int64 {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	return u.seen
}
