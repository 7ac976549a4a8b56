package models

// all are the models, in the order in which they are listed.
var all = []func() Model{
	Register, CASRegister, Text, Map, Counter, Set, FIFOQueue, PriorityQueue, Stack,
	Lock, FencedLock, Lease, Leader, ZnodeTree, Registry,
}

// Named is the model of a name, such as fifo-queue, and whether there is one.
func Named(name string) (Model, bool) {
	for _, model := range all {
		if made := model(); made.Name == name {
			return made, true
		}
	}
	return Model{}, false
}

// Names are the names of all models, the plainest first.
func Names() []string {
	names := make([]string, len(all))
	for i, model := range all {
		names[i] = model().Name
	}
	return names
}
