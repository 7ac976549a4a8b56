package zkclient

import (
	"strconv"
	"strings"

	"cleave/history"
	"cleave/systems/zkwire"
)

// create makes the znode of a write, and what is missing above it.
func (o *operation) create(data []byte) {
	o.change(Create(o.path(), data, zkwire.FlagPersistent), func(p *zkwire.Reply) {
		switch p.Code {
		case zkwire.NodeExists:
			o.write()
		case zkwire.NoNode:
			o.parents(o.path(), func() { o.create(data) })
		default:
			o.acknowledged(p)
		}
	})
}

// parents makes the znodes above a path, from the top, and goes on. They are no part of what the
// operation is judged by: if it ends here, it certainly did not happen.
func (o *operation) parents(path string, then func()) {
	above := Ancestors(path)
	if len(above) == 0 {
		o.refused(zkwire.NoNode) // the root is missing, so a server says
		return
	}
	o.make(above, []byte{}, then)
}

// make makes persistent znodes that are not there yet, in order, and goes on.
func (o *operation) make(missing []string, data []byte, then func()) {
	if len(missing) == 0 {
		then()
		return
	}
	o.ask(Create(missing[0], data, zkwire.FlagPersistent), func(p *zkwire.Reply) {
		if p.Code == zkwire.OK || p.Code == zkwire.NodeExists {
			o.make(missing[1:], data, then)
		} else {
			o.refused(p.Code)
		}
	})
}

// createSequential makes a child whose name ends in the number that the store gives it.
func (o *operation) createSequential() {
	prefix := o.path() + "/n-"
	o.change(Create(prefix, []byte{}, zkwire.FlagSequential), func(p *zkwire.Reply) {
		if p.Code == zkwire.NoNode {
			o.parents(prefix, o.createSequential)
			return
		}
		suffix, found := strings.CutPrefix(p.Path, prefix)
		number, err := strconv.ParseInt(suffix, 10, 64)
		switch {
		case p.Code != zkwire.OK:
			o.refused(p.Code)
		case !found || err != nil:
			o.failed(ErrorBadReply)
		default:
			o.ok(history.Integer(number), p.Zxid)
		}
	})
}
