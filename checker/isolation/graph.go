package isolation

// label says what an edge is: a relation, from which family of anomalies on it may be used, and under
// which order of transactions.
//
//	bits 0-2 relation, 3-4 grade, 5-6 scope
type label uint8

// relation is why one transaction comes before another.
type relation uint8

const (
	ww       relation = iota // the other wrote the version after its own
	wr                       // the other read its version
	rw                       // it read the version before the other's
	process                  // the other is a later one of the same process
	realtime                 // it was over before the other began
	onward                   // from a node that stands for many edges: whatever relation led there goes on
)

// grade is the weakest family of anomalies for which an edge is certain.
type grade uint8

const (
	certain  grade = iota // for all
	ifClean               // if nobody reads what was not committed: from G1c on
	ifAtomic              // if transactions are seen whole: for cycles with rw edges
	ifSerial              // if there is a serial order at all
)

// scope is the order that transactions must keep besides what they read and write.
type scope uint8

const (
	plain     scope = iota // none
	bySession              // each process's own
	byTime                 // real time
	scopes
)

func labelled(relation relation, grade grade, scope scope) label {
	return label(relation) | label(grade)<<3 | label(scope)<<5
}

func (l label) relation() relation { return relation(l & 7) }
func (l label) grade() grade       { return grade(l >> 3 & 3) }
func (l label) scope() scope       { return scope(l >> 5) }

type edge struct {
	from, to int32
	label    label
}

// graph is directed and compressed by rows: the edges of node i are those from heads[i] to heads[i+1].
// Nodes below transactions are transactions; the others stand for many edges each: an instant of the
// timeline, or a version of which it is only known that it comes after all that were read.
type graph struct {
	transactions int32
	nodes        int32
	heads        []int32
	targets      []int32
	labels       []label
}

// newGraph sorts edges by their origin, in two passes over them. Edges from a node to itself are left out.
func newGraph(transactions, nodes int32, edges []edge) *graph {
	g := &graph{transactions: transactions, nodes: nodes, heads: make([]int32, nodes+2)}
	for i := range edges {
		if edges[i].from != edges[i].to {
			g.heads[edges[i].from+2]++
		}
	}
	for node := int32(2); node < nodes+2; node++ {
		g.heads[node] += g.heads[node-1]
	}
	count := g.heads[nodes+1]
	g.targets, g.labels = make([]int32, count), make([]label, count)
	for i := range edges {
		if e := &edges[i]; e.from != e.to {
			at := g.heads[e.from+1]
			g.targets[at], g.labels[at] = e.to, e.label
			g.heads[e.from+1]++
		}
	}
	g.heads = g.heads[:nodes+1]
	return g
}

// role is what an edge is to a search.
type role uint8

const (
	absent  role = iota
	depend       // ww, wr, process, real time
	against      // rw: an anti-dependency
	through      // onward
)

// family is a kind of cycle, the gravest first.
type family uint8

const (
	writeCycle  family = iota // of ww alone: G0
	readCycle                 // of ww and wr: G1c
	single                    // with exactly one rw: G-single; its view has the ways back, without the rw
	nonadjacent               // with rw edges, no two of them adjacent: G-nonadjacent
	anyCycle                  // with rw edges: G2-item
	families
)

// view is a part of a graph: the edges that count for one family and scope. A layered view has two nodes
// for each: 2i, and 2i+1, reached by an rw edge, which only a dependency may leave.
type view struct {
	roles   [1 << 7]role
	layered bool
}

func newView(family family, scope scope) *view {
	v := &view{layered: family == nonadjacent}
	for i := range v.roles {
		v.roles[i] = roleOf(label(i), family, scope)
	}
	return v
}

func roleOf(l label, family family, scope scope) role {
	allowed := certain
	switch family {
	case writeCycle:
	case readCycle:
		allowed = ifClean
	case anyCycle:
		allowed = ifSerial
	default:
		allowed = ifAtomic
	}
	if l.scope() > scope || l.grade() > allowed {
		return absent
	}
	switch l.relation() {
	case ww, process, realtime:
		return depend
	case onward:
		return through
	case wr:
		if family != writeCycle {
			return depend
		}
	case rw:
		if family >= nonadjacent {
			return against
		}
	}
	return absent
}

// next is where an edge leads in the view, or -1.
func (v *view) next(from int32, target int32, l label) int32 {
	role := v.roles[l]
	if !v.layered {
		if role == absent {
			return -1
		}
		return target
	}
	switch role {
	case depend:
		return target << 1
	case through:
		return target<<1 | from&1
	case against:
		if from&1 == 0 {
			return target<<1 | 1
		}
	}
	return -1
}

// node is the graph's node of a view's.
func (v *view) node(of int32) int32 {
	if v.layered {
		return of >> 1
	}
	return of
}
