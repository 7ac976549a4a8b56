package linear

// item is a value that was in a queue, a stack or a priority queue, with what its operations say of when.
//
//	put        |------|
//	peek              |-----|
//	take                  |------|
//	        asked   enter leave  gone       enter < leave: it was certainly in, from enter to leave
//
// Enter is the first return of all its operations: by then it was in. Leave is the last call: until then
// it was in.
type item struct {
	asked, enter, leave, gone int64
	seen, looked              int64    // of those that took or saw it, the first return and the last call
	put, take                 int32    // positions; take is none if nobody is known to have taken it
	entered, left, saw        int32    // the operations behind enter, leave and seen
	bounds                    [2]int32 // of a queue, values that bound when this was seen; 0 for none
}

// certain tells that there is a time at which the value was certainly in. Without it, all that was done
// with the value fits at one instant, where nobody else can tell.
func (i *item) certain() bool { return i.enter < i.leave }

// glance is an operation that saw something at one instant of an interval: that the object was empty, or
// what was the next to be taken.
type glance struct {
	from, to int64
	position int32
}

// collection is a queue, a stack or a priority queue with all that was done with it.
type collection struct {
	operations []Operation
	items      []item   // by name; put is none if there is no such value
	empties    []glance // who found it empty
	blind      []int32  // takes of unknown outcome: nobody knows what they took
	peeks      bool     // whether a value was seen without being taken
}

// discipline is what sets queues, stacks and priority queues apart.
type discipline interface {
	// order judges a collection of which every take is known, and which is in order value by value.
	order(c *collection) Answer
	// deadlines gives for each value that was not taken the latest time by which it must have been
	// taken all the same, in view of those that were, with the operation that says so.
	deadlines(c *collection, untaken []deadline)
}

// checkCollection judges a collection whose values are all put in once.
func checkCollection(operations []Operation, d discipline) Answer {
	c := &collection{operations: operations}
	if answer, ok := c.gather(); !ok {
		return answer
	}
	if answer, ok := c.follow(); !ok {
		return answer
	}
	if len(c.blind) == 0 {
		return d.order(c)
	}
	return c.guess(d)
}

// gather sorts the operations to the values that they put in, took or saw.
func (c *collection) gather() (Answer, bool) {
	c.items = make([]item, names(c.operations))
	for i := range c.items {
		c.items[i] = item{put: none, take: none, enter: Never, looked: beginning, gone: Never, seen: Never, entered: none, left: none, saw: none}
	}
	for i := range c.operations {
		o := &c.operations[i]
		if o.Kind != Put {
			continue
		}
		if o.Value == 0 {
			return unsuited("operation %d puts in nothing", int64(i)), false
		}
		if other := c.items[o.Value].put; other != none {
			return unsuited("operations %d and %d put in the same value", int64(other), int64(i)), false
		}
		c.items[o.Value].put = int32(i)
	}
	for i := range c.operations {
		if answer, ok := c.join(int32(i)); !ok {
			return answer, false
		}
	}
	return Answer{}, true
}

// join puts a take or a peek to its value.
func (c *collection) join(position int32) (Answer, bool) {
	o := &c.operations[position]
	if o.Kind == Put {
		return Answer{}, true
	}
	if o.unknown() {
		c.blind = append(c.blind, position)
		return Answer{}, true
	}
	if o.Value == 0 {
		c.empties = append(c.empties, glance{o.Call, o.Return, position})
		return Answer{}, true
	}
	at := &c.items[o.Value]
	if at.put == none {
		return invalid(NeverPut, int(position)), false
	}
	if o.Return < at.seen {
		at.seen, at.saw = o.Return, position
	}
	if o.Call > at.looked {
		at.looked, at.left = o.Call, position
	}
	if o.Kind == Peek {
		c.peeks = true
		return Answer{}, true
	}
	if at.take != none {
		return invalid(TakenTwice, int(at.take), int(position)), false
	}
	at.take, at.gone = position, o.Return
	return Answer{}, true
}

// follow makes sure that each value was put in before it was seen, and seen before it was taken, and
// leaves out what nobody saw and nobody knows to have been put in: it need not have been.
func (c *collection) follow() (Answer, bool) {
	for i := range c.items {
		at := &c.items[i]
		if at.put == none {
			continue
		}
		put := &c.operations[at.put]
		switch {
		case at.seen < put.Call:
			return invalid(TooEarly, int(at.saw), int(at.put)), false
		case at.gone < at.looked:
			return invalid(Gone, int(at.take), int(at.left)), false
		case put.unknown() && at.saw == none:
			at.put = none
			continue
		}
		at.asked, at.enter, at.entered = put.Call, put.Return, at.put
		if at.seen < at.enter {
			at.enter, at.entered = at.seen, at.saw
		}
		at.leave = max(at.looked, at.asked)
		if at.take == none {
			at.leave, at.left = Never, none
		}
	}
	return Answer{}, true
}

// each goes through the values there are, in the order of their names.
func (c *collection) each(visit func(name int, at *item)) {
	for i := range c.items {
		if c.items[i].put != none {
			visit(i, &c.items[i])
		}
	}
}

// tell adds to an answer the operations that show when some values were certainly in: for each, by which it
// was, and up to which; then all else that is known of them.
func (c *collection) tell(answer Answer, names []int32) Answer {
	answer.Count = int64(len(names))
	for _, name := range names {
		answer.Roles = append(answer.Roles, int(c.items[name].entered), int(c.items[name].left))
	}
	for _, name := range names {
		answer.Roles = append(answer.Roles, int(c.items[name].put), int(c.items[name].take))
	}
	return answer
}

// emptiness looks whether everybody who found the collection empty can have done so.
func (c *collection) emptiness() (Answer, bool) {
	if len(c.empties) == 0 {
		return Answer{}, true
	}
	var cover cover
	c.each(func(name int, at *item) {
		if at.certain() {
			cover.add(at.enter, at.leave, int32(name))
		}
	})
	cover.merge()
	for _, empty := range c.empties {
		if cover.hides(empty.from, empty.to) {
			return c.tell(invalid(NotEmpty, int(empty.position)), cover.chain(empty.from, empty.to)), false
		}
	}
	return Answer{}, true
}
