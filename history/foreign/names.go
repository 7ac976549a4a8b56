package foreign

import "cleave/history"

// names are what others call our functions. What is not among them keeps its name.
var names = map[string]history.Function{
	"get": history.Read, "load": history.Read,
	"put": history.Write, "set": history.Write, "store": history.Write,
	"compare-and-set": history.CAS, "compare-and-swap": history.CAS, "cas-register": history.CAS,
	"inc": history.Add, "increment": history.Add,
	"enq": history.Enqueue, "deq": history.Dequeue,
	"delete-min": history.RemoveMin, "remove_min": history.RemoveMin, "poll": history.RemoveMin,
	"lock": history.Acquire, "unlock": history.Release, "try_lock": history.TryLock,
}

// named is the function that a name stands for.
func named(name string) history.Function {
	if function, known := names[name]; known {
		return function
	}
	return history.Function(name)
}
