package linear

import "fmt"

// Check judges whether the operations on one object are linearizable (Herlihy and Wing, TOPLAS 1990):
// whether an order of them, each at one instant of its interval, gives the answers seen. It takes
// O(n log n) for n operations, whatever their concurrency and however many have an unknown outcome.
//
// Registers, queues, stacks and priority queues are judged if each value is put in by one operation.
// Where a check is not exact the answer is Unsuited with the cause, never a guess. Operations that
// certainly did not happen, and reads and peeks that never returned, are not to be given.
func Check(object Object, operations []Operation) Answer {
	if answer, ok := proper(object, operations); !ok {
		return answer
	}
	switch object {
	case Register:
		return checkRegister(operations)
	case Queue:
		return checkCollection(operations, queue{})
	case Stack:
		return checkCollection(operations, stack{})
	case PriorityQueue:
		return checkCollection(operations, priorityQueue{})
	case Set:
		return checkSet(operations)
	case Counter:
		return checkCounter(operations)
	}
	return checkLock(operations)
}

// kinds are the operations of each object.
var kinds = [...]uint32{
	Register:      1<<Write | 1<<Read | 1<<Swap,
	Queue:         1<<Put | 1<<Take | 1<<Peek,
	Stack:         1<<Put | 1<<Take | 1<<Peek,
	PriorityQueue: 1<<Put | 1<<Take | 1<<Peek,
	Set:           1<<Add | 1<<Added | 1<<Remove | 1<<Removed | 1<<Has | 1<<Lacks,
	Counter:       1<<Increase | 1<<Read,
	Lock:          1<<Acquire | 1<<Release | 1<<Refused,
}

// proper checks what the tables of the checks rest on.
func proper(object Object, operations []Operation) (Answer, bool) {
	if int(object) >= len(kinds) {
		return unsuited("no such object: %d", int64(object)), false
	}
	named := object != Counter
	most := int64(4*len(operations) + 64)
	for i := range operations {
		o := &operations[i]
		switch {
		case kinds[object]>>o.Kind&1 == 0:
			return unsuited("operation %d is not one of this object", int64(i)), false
		case o.Call > o.Return:
			return unsuited("operation %d returned before it was called", int64(i)), false
		case named && (o.Value < 0 || o.Value > most || o.Expected < 0 || int64(o.Expected) > most):
			return unsuited("operation %d: the name of its value is not in 0 to %d", int64(i), most), false
		}
	}
	return Answer{}, true
}

// names is how long a table by names of values is to be.
func names(operations []Operation) int {
	most := int64(0)
	for i := range operations {
		most = max(most, operations[i].Value, int64(operations[i].Expected))
	}
	if most < 0 {
		panic(fmt.Sprint("linear: a negative name of a value: ", most))
	}
	return int(most) + 1
}
