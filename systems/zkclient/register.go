package zkclient

import (
	"strconv"

	"cleave/history"
	"cleave/systems/zkwire"
)

// value reads the integer that a znode holds.
func value(p *zkwire.Reply) (number int64, there, good bool) {
	if p.Code != zkwire.OK {
		return 0, false, p.Code == zkwire.NoNode
	}
	number, err := strconv.ParseInt(string(p.Data), 10, 64)
	return number, true, err == nil
}

func (o *operation) read() {
	o.ask(Get(o.path()), func(p *zkwire.Reply) {
		number, there, good := value(p)
		switch {
		case !good && p.Code != zkwire.OK:
			o.refused(p.Code)
		case !good:
			o.failed(ErrorNotInteger)
		case !there:
			o.ok(history.Nothing, p.Zxid)
		default:
			o.ok(history.Integer(number), p.Zxid)
		}
	})
}

// syncRead reads what the server has after a sync of one kind or the other.
func (o *operation) syncRead(sync zkwire.Op) {
	o.ask(zkwire.Request{Op: sync, Path: o.path()}, func(p *zkwire.Reply) {
		if p.Code == zkwire.OK {
			o.read()
		} else {
			o.refused(p.Code)
		}
	})
}

// stat completes with the znode's mzxid and its integer: [0, nil] if there is no znode, or nil for the
// integer if the request does not fetch the data.
func (o *operation) stat(q zkwire.Request) {
	o.ask(q, func(p *zkwire.Reply) {
		number, good := Integer(p.Data)
		switch {
		case p.Code != zkwire.OK && p.Code != zkwire.NoNode:
			o.refused(p.Code)
		case !good:
			o.failed(ErrorNotInteger)
		default: // without a znode the reply's Stat is all zero
			o.ok(history.List(history.Integer(p.Stat.Mzxid), number), p.Zxid)
		}
	})
}

// write sets the value, and creates the node if it is not there yet; somebody else may be faster.
func (o *operation) write() {
	number, _ := o.request.Value.AsInteger()
	o.change(Set(o.path(), Decimal(number), AnyVersion), func(p *zkwire.Reply) {
		if p.Code == zkwire.NoNode {
			o.create(Decimal(number))
		} else {
			o.acknowledged(p)
		}
	})
}

// compareAndSet reads here and sets there: the version makes the two one. From nothing, it creates.
func (o *operation) compareAndSet() {
	from, to, _ := Exchange(o.request.Value)
	o.ask(Get(o.path()), func(p *zkwire.Reply) {
		number, there, good := value(p)
		switch {
		case good && !there && from.IsNothing():
			o.change(Create(o.path(), Decimal(to), zkwire.FlagPersistent), o.acknowledged)
		case good && there && from.Equal(history.Integer(number)):
			o.change(Set(o.path(), Decimal(to), p.Stat.Version), o.acknowledged)
		default:
			o.failed(ErrorValueDiffers)
		}
	})
}

// remove deletes the node. That it is not there is as good.
func (o *operation) remove() {
	o.change(Remove(o.path()), func(p *zkwire.Reply) {
		if p.Code == zkwire.NoNode {
			p.Code = zkwire.OK
		}
		o.acknowledged(p)
	})
}
