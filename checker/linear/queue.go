package linear

import (
	"cmp"
	"slices"
)

// queue is the discipline of first in, first out. Values have an order exactly if no two of them must
// come before each other: by their puts, which one before the other, or by what took or saw them
// (Henzinger, Sezgin and Vafeiadis, CONCUR 2013; peeks are added here).
//
//	put a |---|          take b |---|
//	put b       |---|                  take a |---|      invalid
type queue struct{}

func (queue) order(c *collection) Answer {
	if c.peeks {
		if answer, found := c.untangle(); found {
			return answer
		}
	}
	if answer, found := c.overtaken(); found {
		return answer
	}
	if answer, ok := c.emptiness(); !ok {
		return answer
	}
	return valid()
}

// moments are those of all values, in order.
func (c *collection) moments(of func(at *item) int64) []moment {
	moments := make([]moment, 0, len(c.items))
	c.each(func(name int, at *item) { moments = append(moments, moment{of(at), int32(name)}) })
	sortMoments(moments)
	return moments
}

// overtaken goes through the values as they were asked for, and knows of all that were in before which
// stayed longest.
func (c *collection) overtaken() (Answer, bool) {
	asked := c.moments(func(at *item) int64 { return at.asked })
	entered := c.moments(func(at *item) int64 { return at.enter })
	longest, next := int32(none), 0
	for _, second := range asked {
		for ; next < len(entered) && entered[next].at < second.at; next++ {
			if name := entered[next].name; longest == none || c.items[name].leave > c.items[longest].leave {
				longest = name
			}
		}
		if longest == none {
			continue
		}
		if a, b := &c.items[longest], &c.items[second.name]; b.seen < a.leave {
			roles := []int{int(a.put), int(b.put), int(b.saw), int(a.left)}
			if a.entered != a.put {
				roles = append(roles, int(a.entered))
			}
			return invalid(Overtaken, append(roles, c.bounds(a, b)...)...), true
		}
	}
	return Answer{}, false
}

// bounds are the operations of other values that bound when these two were seen.
func (c *collection) bounds(values ...*item) []int {
	var roles []int
	for _, at := range values {
		for _, name := range at.bounds {
			if name != 0 {
				roles = append(roles, int(c.items[name].saw), int(c.items[name].left))
			}
		}
	}
	return roles
}

// untangle sees that what took or saw a value can stand together, apart from that of other values, and
// shortens the time of values that another one certainly precedes, or follows:
//
//	peek b, take b          |--|        |--|
//	take a              |----------|             took place before the peek at b had returned
func (c *collection) untangle() (Answer, bool) {
	zones := make([]zone, 0, len(c.items))
	c.each(func(_ int, at *item) {
		if at.saw != none {
			zones = append(zones, zone{at.seen, at.leave, at.saw, at.left})
		}
	})
	if answer, found := clash(zones); found {
		return answer, true
	}
	forward := slices.DeleteFunc(zones, func(z zone) bool { return !z.forward() })
	slices.SortFunc(forward, func(a, b zone) int { return cmp.Compare(a.returned, b.returned) })
	c.each(func(_ int, at *item) {
		if at.seen < at.leave {
			return
		}
		if z := enclosing(forward, at.seen); z != nil && at.seen < z.called {
			at.bounds[0] = int32(c.operations[z.earliest].Value)
			at.seen = z.returned
			if at.seen < at.enter {
				at.enter, at.entered = at.seen, at.saw
			}
		}
		if z := enclosing(forward, at.leave); z != nil && at.leave < z.called {
			at.bounds[1] = int32(c.operations[z.earliest].Value)
			at.leave = z.called
		}
	})
	return Answer{}, false
}

// deadlines: a value must be gone when one is taken or seen that was asked for after it was in.
func (queue) deadlines(c *collection, untaken []deadline) {
	var seen []*item
	c.each(func(_ int, at *item) {
		if at.saw != none {
			seen = append(seen, at)
		}
	})
	later := newEarliest(len(seen), func(i int) int64 { return seen[i].asked })
	for _, at := range seen {
		later.put(at.asked, at.seen, at.saw)
	}
	for i := range untaken {
		untaken[i].limit(later.after(c.items[untaken[i].name].enter))
	}
}
