package isolation

import (
	"sort"
)

// mostRounds and mostClocks bound saturation: how often it goes through the history, and how many entries its
// clocks may have.
const (
	mostRounds = 12
	mostClocks = 50_000_000
)

// saturation infers more of the order of versions from what is known to come before what, for serializability
// in the order of sessions or of real time. C wrote what R read, and A and B wrote the same key:
//
//	A ... R   so A is before C: else R would have read A's version, or a later one
//	C ... B   so R is before B: B overwrote what R read
//
// What comes before a transaction is known by a vector clock over processes, each of which is a chain
// (Biswas and Enea, OOPSLA 2019; the pointers into each chain are AWDIT's, PLDI 2025).
type saturation struct {
	*graph
	*versions
	scope  scope
	view   *view
	width  int
	clocks []int32           // by node and process: how many of its transactions come before, itself included
	turn   []int32           // by transaction: its place in its process's chain from 1, 0 if its outcome is unknown
	writes map[int64][]int32 // by key and process: the transactions that wrote the key, in the chain's order
	news   []edge
}

// saturate adds edges to a weaver until there is nothing more to infer, or a cycle.
func (w *weaver) saturate(order []int32, scope scope) {
	if int64(w.nodes)*int64(w.Processes) > mostClocks {
		return
	}
	for range mostRounds {
		s := &saturation{graph: w.graph(), versions: w.versions, scope: scope, view: newView(anyCycle, scope), width: w.Processes}
		parts := s.components(s.view, nil)
		if len(parts.circular) > 0 {
			return
		}
		s.chains(order)
		s.tick(parts)
		for _, i := range order {
			w.foreign(i, func(read Step) {
				if read.Value != Initial {
					s.infer(i, read)
				}
			})
		}
		if len(s.news) == 0 {
			return
		}
		w.edges = append(w.edges, s.news...)
	}
}

func pair(key, process int32) int64 { return int64(key)<<32 | int64(process) }

// chains numbers the transactions of each process.
func (s *saturation) chains(order []int32) {
	s.turn, s.writes = make([]int32, len(s.List)), map[int64][]int32{}
	count := make([]int32, s.width)
	for _, i := range order {
		p := s.List[i].Process
		if s.List[i].Outcome != Committed {
			continue
		}
		count[p]++
		s.turn[i] = count[p]
		s.finals(i, func(write Step) { s.writes[pair(write.Key, p)] = append(s.writes[pair(write.Key, p)], i) })
	}
}

func (s *saturation) clock(node int32) []int32 {
	return s.clocks[int(node)*s.width : (int(node)+1)*s.width]
}

// tick fills the clocks, in the order of the graph.
func (s *saturation) tick(parts *components) {
	order := make([]int32, s.graph.nodes)
	for node, number := range parts.of {
		order[len(order)-1-int(number)] = int32(node)
	}
	s.clocks = make([]int32, int(s.graph.nodes)*s.width)
	for _, node := range order {
		clock := s.clock(node)
		if node < s.transactions && s.turn[node] > 0 {
			clock[s.List[node].Process] = s.turn[node]
		}
		for at := s.heads[node]; at < s.heads[node+1]; at++ {
			if s.view.roles[s.labels[at]] == absent {
				continue
			}
			for process, turn := range s.clock(s.targets[at]) {
				if clock[process] > turn {
					s.clock(s.targets[at])[process] = clock[process]
				}
			}
		}
	}
}

// before tells whether one transaction is known to come before another.
func (s *saturation) before(a, b int32) bool {
	return s.turn[a] > 0 && s.clock(b)[s.List[a].Process] >= s.turn[a]
}

// infer applies both rules to a read.
func (s *saturation) infer(reader int32, read Step) {
	writer, seen := s.writer[read.Value], s.clock(reader)
	for process := range int32(s.width) {
		writes := s.writes[pair(read.Key, process)]
		if len(writes) == 0 {
			continue
		}
		last := sort.Search(len(writes), func(at int) bool { return s.turn[writes[at]] > seen[process] }) - 1
		if last >= 0 && writes[last] == reader {
			last--
		}
		if last >= 0 && writes[last] != writer && !s.before(writes[last], writer) {
			s.news = append(s.news, edge{writes[last], writer, labelled(ww, ifSerial, s.scope)})
		}
		if s.turn[writer] == 0 {
			continue
		}
		next := sort.Search(len(writes), func(at int) bool { return writes[at] != writer && s.before(writer, writes[at]) })
		if next < len(writes) && writes[next] == reader {
			next++
		}
		if next < len(writes) && !s.before(reader, writes[next]) {
			s.news = append(s.news, edge{reader, writes[next], labelled(rw, ifSerial, s.scope)})
		}
	}
}
