package znodes

import (
	"time"

	"cleave/systems/zkwire"
)

// Due lists, in order of path, the containers and nodes with a time to live that are to be deleted
// now, each by a CommandClean: containers that had children and have none, and childless nodes whose
// data has not been set for their time. now is the time since 1970 on the same clock as a command's
// Time.
func (s *State) Due(now time.Duration) []string {
	var due []string
	for _, chunk := range s.expendable.chunks {
		for _, path := range chunk {
			if s.nodes[path].due(milliseconds(int64(now))) {
				due = append(due, path)
			}
		}
	}
	return due
}

// due tells whether nothing keeps a node any more. A container that never had a child waits for its
// first.
func (z *znode) due(now int64) bool {
	switch {
	case z.children.count > 0:
		return false
	case z.kind == container:
		return z.created > 0
	case z.kind == fleeting:
		return now-z.mtime > z.owner
	}
	return false
}

// clean deletes a node that was due when the command was proposed, if it still is.
func (s *State) clean(path string, x *transaction) zkwire.Code {
	node := s.nodes[path]
	switch {
	case node == nil:
		return zkwire.NoNode
	case !node.due(x.time):
		return zkwire.NotEmpty
	}
	s.remove(path, x)
	return zkwire.OK
}
