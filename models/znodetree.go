package models

import (
	"fmt"
	"path"
	"strings"

	"cleave/history"
)

// ZnodeTree is the model of ZooKeeper's tree of nodes with data and versions, without sessions: nodes by
// path, such as a/b, below a root that is always there. All paths are one object.
//
//	create a/b 7                 a/b was not there, a was; a/b has 7 in version 0
//	create-sequential a 7 = 3    the same for a/0000000003; a's numbers grow
//	write a/b 8                  a/b was there; it has 8, in the next version
//	cas a/b [2 8]                the same, and it was in version 2
//	remove a/b                   a/b has no children, and is not there afterwards
//	remove a/b 2                 the same, and it was there in version 2
//	check a/b 2                  a/b is in version 2; with nothing: a/b is there
//	read a/b = 7                 nothing: a/b is not there
//	stat a/b = [7 2]             with the version; nothing: a/b is not there
//	children a = [b]             in any order; nothing: a is not there
//	txn [[create a/b 7] [check c 2]]   each [function path argument], all or none
//
// The result of an ok txn, if there is one, has the result of each part at its place.
func ZnodeTree() Model {
	shapes := append([]Shape{}, znodeShapes...)
	shapes = append(shapes, Shape{history.Txn, parts, list.or(none), "does several, each [function path argument], all or none"})
	return Model{
		Name: "znode-tree", Summary: "ZooKeeper's tree of nodes, with versions, sequential nodes and multi",
		Shapes: shapes, Describe: describe(shapes, true), Whole: true,
		Init:     func() State { return State{} },
		Step:     step(stepZnodeTree).orNothing,
		Observes: func(operation history.Operation) bool { return looksAtZnode(operation.Function) },
	}
}

var znodeShapes = []Shape{
	{history.Create, anything, anything, "makes a node with the argument as data"},
	{history.CreateSequential, anything, number, "makes a child with the argument as data, and gives its number"},
	{history.Write, anything, anything, "sets the data of a node"},
	{history.CAS, row("[version data]", number, anything), anything, "sets the data of a node, given its version"},
	{history.Remove, number.or(none), anything, "removes a node without children; with a version, given that version"},
	{history.Check, number.or(none), anything, "tells that a node is there; with a version, in that version"},
	{history.Read, anything, anything, "gives the data of a node; nothing if it is not there"},
	{history.Stat, anything, row("[data version]", anything, number).or(none), "gives data and version; nothing if it is not there"},
	{history.Children, none, list.or(none), "gives the names of the children; nothing if the node is not there"},
}

// parts is the form of a transaction's argument.
var parts = Form{"a list of [function path argument]", func(v history.Value) bool {
	all, is := v.AsList()
	for _, part := range all {
		if _, wellFormed := partOf(part, history.Operation{}); !wellFormed {
			return false
		}
	}
	return is
}}

// partOf makes an operation of a part of a transaction; client and outcome are the whole's.
func partOf(part history.Value, whole history.Operation) (history.Operation, bool) {
	words, _ := part.AsList()
	if len(words) != 3 {
		return whole, false
	}
	function, isFunction := words[0].AsText()
	key, isPath := words[1].AsText()
	whole.Function, whole.Key, whole.Argument = history.Function(function), key, words[2]
	for _, shape := range znodeShapes {
		if shape.Function == whole.Function {
			return whole, isFunction && isPath && shape.Argument.fits(whole.Argument)
		}
	}
	return whole, false
}

func looksAtZnode(function history.Function) bool {
	switch function {
	case history.Read, history.Stat, history.Children, history.Check:
		return true
	}
	return false
}

// znode is a node of the tree.
type znode struct {
	data    history.Value
	version int64
	next    int64 // the least number that its next sequential child can have
}

func (z znode) value() history.Value {
	return history.List(z.data, history.Integer(z.version), history.Integer(z.next))
}

// node is the node at a path, and whether there is one. The root is always there.
func (s State) node(at string) (znode, bool) {
	found, there := s.Items.Get(history.Text(at))
	fields, _ := found.AsList()
	if !there {
		return znode{}, at == root
	}
	version, _ := fields[1].AsInteger()
	next, _ := fields[2].AsInteger()
	return znode{fields[0], version, next}, true
}

func (s State) withNode(at string, z znode) State {
	return State{Items: s.Items.With(history.Text(at), z.value())}
}

// root is the path of the node that everything is below.
const root = ""

// clean is a path without the slash at its start, so that /a/b and a/b are one.
func clean(key string) string { return strings.Trim(key, "/") }

func above(at string) string {
	if parent := path.Dir(at); parent != "." {
		return parent
	}
	return root
}

// children are the names of the nodes right below a path.
func (s State) children(at string) Items {
	var names Items
	for key := range s.Items.All() {
		each, _ := key.AsText()
		if each != root && above(each) == at {
			names = names.With(history.Text(path.Base(each)), history.Nothing)
		}
	}
	return names
}

func stepZnodeTree(state State, operation history.Operation) (bool, State) {
	at := clean(operation.Key)
	node, there := state.node(at)
	switch operation.Function {
	case history.Create:
		return state.create(at, operation.Argument)
	case history.CreateSequential:
		return state.createSequential(at, operation)
	case history.Write:
		return there, state.withNode(at, znode{operation.Argument, node.version + 1, node.next})
	case history.CAS:
		given, _ := operation.Argument.AsList()
		return there && given[0].Equal(history.Integer(node.version)), state.withNode(at, znode{given[1], node.version + 1, node.next})
	case history.Remove:
		if !there && operation.Argument.IsNothing() {
			return true, state
		}
		return there && at != root && inVersion(operation, node) && state.children(at).Len() == 0,
			State{Items: state.Items.Without(history.Text(at))}
	case history.Check:
		return there && inVersion(operation, node), state
	case history.Txn:
		return stepMulti(state, operation)
	}
	return state.looks(at, operation), state
}

// inVersion tells whether a node is in the version that an operation's argument wants, if it wants one.
func inVersion(operation history.Operation, node znode) bool {
	return operation.Argument.IsNothing() || operation.Argument.Equal(history.Integer(node.version))
}

func (s State) create(at string, data history.Value) (bool, State) {
	parent, hasParent := s.node(above(at))
	if _, there := s.node(at); there || !hasParent {
		return false, s
	}
	parent.next++ // ZooKeeper numbers sequential nodes by a count of all children made
	return true, s.withNode(above(at), parent).withNode(at, znode{data: data})
}

// createSequential: the number is at least what the parent has counted, since children may have been made that
// nobody recorded. One whose number nobody learnt has the next.
func (s State) createSequential(parent string, operation history.Operation) (bool, State) {
	node, there := s.node(parent)
	number := node.next
	if told, isNumber := operation.Result.AsInteger(); isNumber && operation.Outcome == history.Ok {
		number = told
	}
	name := strings.Trim(fmt.Sprintf("%s/%010d", parent, number), "/")
	if _, taken := s.node(name); !there || taken || number < node.next {
		return false, s
	}
	node.next = number + 1
	return true, s.withNode(parent, node).withNode(name, znode{data: operation.Argument})
}

// looks tells whether what an operation saw is so.
func (s State) looks(at string, operation history.Operation) bool {
	node, there := s.node(at)
	switch {
	case operation.Outcome == history.Info:
		return true
	case !there:
		return operation.Result.IsNothing()
	case operation.Function == history.Read:
		return operation.Result.Equal(node.data)
	case operation.Function == history.Stat:
		return operation.Result.Equal(history.List(node.data, history.Integer(node.version)))
	}
	return !operation.Result.IsNothing() && sameElements(operation.Result, s.children(at))
}

// stepMulti takes the parts of a transaction one after the other. If one is not possible, none is.
func stepMulti(state State, operation history.Operation) (bool, State) {
	parts, _ := operation.Argument.AsList()
	results, told := operation.Result.AsList()
	told = told && operation.Outcome == history.Ok
	if told && len(results) != len(parts) {
		return false, state
	}
	now := state
	for i := range parts {
		part, _ := partOf(parts[i], operation)
		part.Outcome, part.Result = history.Info, history.Nothing
		if told {
			part.Outcome, part.Result = history.Ok, results[i]
		}
		possible, next := stepZnodeTree(now, part)
		if !possible {
			return false, state
		}
		now = next
	}
	return true, now
}
