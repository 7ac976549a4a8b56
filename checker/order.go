package checker

import (
	"fmt"

	"cleave/history"
	"cleave/models"
)

// Relation says that one operation of a witness must come before another in any order, and why. The relations of a
// witness go round in a circle: that is why there is no order.
//
//	write 1 ──▶ write 2     it had ended before the other began
//	write 2 ──▶ read 1      it had ended before the other began
//	read 1  ──▶ write 2     it saw 1, which the other replaced
type Relation struct {
	Before int    `json:"before"` // the ID of an operation
	After  int    `json:"after"`
	Reason string `json:"reason"` // a clause, in which "it" is Before: "it had ended before the other began"
}

// mostRelated bounds the operations of a witness whose relations are worked out.
const mostRelated = 60

// circle is the shortest circle of relations among the operations on one register: what ended before something else
// began comes before it, a write before the reads that saw it, and a read before the write that replaced what it saw
// (Gibbons and Korach, SIAM J. Comput. 1997). It is nil if there is none, or if a value was written twice.
func circle(operations []history.Operation) []Relation {
	if len(operations) > mostRelated {
		return nil
	}
	r := relations{operations: operations, reasons: make([]string, len(operations)*len(operations)), writer: map[string]int{}}
	if !r.values() {
		return nil
	}
	r.begin()
	for _, both := range []bool{false, true} {
		for r.close(); r.replaced(both); r.close() {
		}
		if found := r.shortest(); found != nil {
			return found
		}
	}
	return nil
}

// relations are what must come before what, as a matrix.
type relations struct {
	operations []history.Operation
	reasons    []string       // why row comes before column, "" if it need not
	closed     []bool         // the same with what follows from it
	writer     map[string]int // of each value
	happened   []bool         // whether an operation certainly took effect
}

func (r *relations) at(before, after int) int { return before*len(r.operations) + after }

// values finds who wrote what. It tells whether every operation is a register's and every value was written once.
func (r *relations) values() bool {
	r.happened = make([]bool, len(r.operations))
	for i, operation := range r.operations {
		value, writes := models.Written(operation)
		if _, sees := models.Observed(operation); !writes && !sees {
			return false
		}
		r.happened[i] = operation.Outcome == history.Ok
		if !writes {
			continue
		}
		if _, twice := r.writer[value.String()]; twice || value.IsNothing() {
			return false
		}
		r.writer[value.String()] = i
	}
	for _, operation := range r.operations {
		if value, sees := models.Observed(operation); sees {
			if writer, written := r.writer[value.String()]; written {
				r.happened[writer] = true
			}
		}
	}
	return true
}

// begin relates what real time and the values say at once.
func (r *relations) begin() {
	for i, a := range r.operations {
		for j, b := range r.operations {
			if i != j && a.Completed < b.Invoked {
				r.reasons[r.at(i, j)] = "it had ended before the other began"
			}
		}
		if writer, value, found := r.source(i); found && writer >= 0 && writer != i {
			r.reasons[r.at(writer, i)] = fmt.Sprintf("it wrote %s, which the other saw", value)
		}
	}
}

// source is who wrote what an operation saw, -1 if it was there from the start, and whether it saw something.
func (r *relations) source(i int) (writer int, value history.Value, sees bool) {
	value, sees = models.Observed(r.operations[i])
	writer, written := r.writer[value.String()]
	if !written {
		writer = -1
	}
	return writer, value, sees && (written || value.IsNothing())
}

// close works out what follows (Warshall).
func (r *relations) close() {
	n := len(r.operations)
	r.closed = make([]bool, n*n)
	for i := range r.reasons {
		r.closed[i] = r.reasons[i] != ""
	}
	for k := range n {
		for i := range n {
			if !r.closed[r.at(i, k)] {
				continue
			}
			for j := range n {
				r.closed[r.at(i, j)] = r.closed[r.at(i, j)] || r.closed[r.at(k, j)]
			}
		}
	}
}

// replaced relates reads with writes of other values: a read comes before a write that comes after the one it saw;
// and, if both, a write that comes before a read comes before the one it saw. It tells whether that was anything new.
func (r *relations) replaced(both bool) bool {
	found := false
	relate := func(before, after int, reason string) {
		if at := r.at(before, after); before != after && r.reasons[at] == "" {
			r.reasons[at], found = reason, true
		}
	}
	for read := range r.operations {
		writer, value, sees := r.source(read)
		if !sees {
			continue
		}
		for other, operation := range r.operations {
			written, writes := models.Written(operation)
			if !writes || other == writer || other == read || !r.happened[other] {
				continue
			}
			if writer < 0 || r.closed[r.at(writer, other)] {
				relate(read, other, fmt.Sprintf("it saw %s, which the other replaced", value))
			}
			if both && writer >= 0 && r.closed[r.at(other, read)] {
				relate(other, writer, fmt.Sprintf("it wrote %s, which was no longer there when %s was seen", written, value))
			}
		}
	}
	return found
}

// shortest is the shortest circle, the one with the first operation if there are several.
func (r *relations) shortest() []Relation {
	var best []int
	for start := range r.operations {
		if path := r.back(start); path != nil && (best == nil || len(path) < len(best)) {
			best = path
		}
	}
	var circle []Relation
	for i, before := range best {
		after := best[(i+1)%len(best)]
		circle = append(circle, Relation{r.operations[before].ID, r.operations[after].ID, r.reasons[r.at(before, after)]})
	}
	return circle
}

// back is the shortest way from an operation back to itself, without its return; nil if there is none.
func (r *relations) back(start int) []int {
	from := make([]int, len(r.operations))
	for i := range from {
		from[i] = -1
	}
	for queue := []int{start}; len(queue) > 0; queue = queue[1:] {
		for next := range r.operations {
			if r.reasons[r.at(queue[0], next)] == "" || from[next] >= 0 {
				continue
			}
			from[next] = queue[0]
			if next == start {
				path := []int{queue[0]}
				for path[0] != start {
					path = append([]int{from[path[0]]}, path...)
				}
				return path
			}
			queue = append(queue, next)
		}
	}
	return nil
}
