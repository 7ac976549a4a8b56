package isolation

// stuck is where a serial order did not go on: what each transaction that is left waits for.
type stuck struct {
	*serialOrder
	blocked     map[int32]int   // by transaction that is ready: its obstacle
	pending     map[int][]int32 // by version: transactions that are still to read it
	predecessor []int32         // by node: one of those that are not over, or nobody
}

func (s *serialOrder) stuck() *stuck {
	k := &stuck{serialOrder: s, blocked: map[int32]int{}, pending: map[int][]int32{}, predecessor: filled(int(s.nodes), nobody)}
	// order does not matter: each transaction waits for one thing
	for obstacle, transactions := range s.waiting {
		for _, transaction := range transactions {
			k.blocked[transaction] = obstacle
		}
	}
	for node := range s.nodes {
		if s.degree[node] < 0 || node < s.transactions && !s.happened[node] {
			continue
		}
		s.successors(node, func(to int32) { k.predecessor[to] = node })
		if node < s.transactions {
			s.external(node, func(read Step) {
				at := s.versionAt(read.Key, read.Value)
				k.pending[at] = append(k.pending[at], node)
			})
		}
	}
	return k
}

// turn finds a choice to be made otherwise: in a circle of transactions that wait for each other, one waits
// to overwrite a version that others are still to read. Had it written before that version came, they would
// not be in its way. Before is that transaction, and after the version's writer.
func (s *serialOrder) turn() (before, after int32) {
	k := s.stuck()
	start := int32(nobody)
	for node := range s.transactions {
		if _, blocked := k.blocked[node]; blocked && (start == nobody || s.List[node].Call < s.List[start].Call) {
			start = node
		}
	}
	seen := map[int32]int{}
	var path []int32
	for node := start; node != nobody; node = k.waitsFor(node) {
		if at, again := seen[node]; again {
			return k.choice(path[at:])
		}
		seen[node] = len(path)
		path = append(path, node)
	}
	return nobody, nobody
}

// waitsFor is a node that must be over before another one can be.
func (k *stuck) waitsFor(node int32) int32 {
	obstacle, blocked := k.blocked[node]
	switch version := obstacle / 2; {
	case !blocked:
		return k.predecessor[node]
	case obstacle%2 == 0 && version <= k.Values:
		return k.writer[version]
	case obstacle%2 == 1:
		for _, reader := range k.pending[version] {
			if reader != node {
				return reader
			}
		}
	}
	return nobody
}

// choice is the first in a circle that can be turned round.
func (k *stuck) choice(circle []int32) (before, after int32) {
	for _, node := range circle {
		if obstacle, blocked := k.blocked[node]; blocked && obstacle%2 == 1 && obstacle/2 <= k.Values {
			return node, k.writer[obstacle/2]
		}
	}
	return nobody, nobody
}
