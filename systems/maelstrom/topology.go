package maelstrom

import (
	"fmt"
	"strings"
)

// Topology says which nodes are to be each other's neighbours, for the workload broadcast. Nobody keeps them from talking to others.
type Topology string

// topologies are what there is, with the numbers of a node's neighbours among a number of nodes, from 0.
//
//	line 0-1-2-3      grid 0-1      tree2   0
//	                       | |             / \
//	                       2-3            1   2
var topologies = []struct {
	name       Topology
	neighbours func(node, nodes int) []int
}{
	{"grid", gridNeighbours},
	{"line", func(node, _ int) []int { return []int{node - 1, node + 1} }},
	{"total", totalNeighbours},
	{"tree2", func(node, _ int) []int { return treeNeighbours(node, 2) }},
	{"tree3", func(node, _ int) []int { return treeNeighbours(node, 3) }},
	{"tree4", func(node, _ int) []int { return treeNeighbours(node, 4) }},
}

// DefaultTopology is Maelstrom's.
const DefaultTopology Topology = "grid"

// Validate tells that there is no such topology.
func (t Topology) Validate() error {
	var names []string
	for _, known := range topologies {
		if known.name == t {
			return nil
		}
		names = append(names, string(known.name))
	}
	return fmt.Errorf("unknown topology %.40q; there are: %s", string(t), strings.Join(names, ", "))
}

// Neighbours are the neighbours of each node.
func (t Topology) Neighbours(nodes []string) map[string][]string {
	all := make(map[string][]string, len(nodes))
	for _, known := range topologies {
		if known.name != t {
			continue
		}
		for number, node := range nodes {
			all[node] = []string{}
			for _, other := range known.neighbours(number, len(nodes)) {
				if other >= 0 && other < len(nodes) {
					all[node] = append(all[node], nodes[other])
				}
			}
		}
	}
	return all
}

// gridNeighbours are above, left, right and below, in a grid about as wide as high.
func gridNeighbours(node, nodes int) []int {
	width := 1
	for width*width < nodes {
		width++
	}
	var all []int
	if node >= width {
		all = append(all, node-width)
	}
	if node%width > 0 {
		all = append(all, node-1)
	}
	if node%width < width-1 {
		all = append(all, node+1)
	}
	return append(all, node+width)
}

func totalNeighbours(node, nodes int) []int {
	var all []int
	for other := range nodes {
		if other != node {
			all = append(all, other)
		}
	}
	return all
}

// treeNeighbours are the parent and the children, in a tree in which each node has so many.
func treeNeighbours(node, children int) []int {
	var all []int
	if node > 0 {
		all = append(all, (node-1)/children)
	}
	for child := range children {
		all = append(all, node*children+1+child)
	}
	return all
}
