package conformance

import (
	"slices"

	"cleave/internal/conformance/probe"

	"github.com/stretchr/testify/require"
)

// notesArrive looks at what nodes and clients have said of themselves.
func notesArrive(s *stage) {
	for _, each := range slices.Concat(nodes, []string{"c1", "c2", "c3", "c4"}) {
		s.eventually(each+" notes its start", func() bool { return len(s.said(each, "start", 0)) > 0 })
	}
	before := len(*s.notes)
	for _, term := range []uint64{1, 2, 0} {
		s.insist("c1", probe.Lead("n1", term), good)
	}
	wanted := []string{"term 1", "term 2", "term 0"}
	s.eventually("n1 has said all", func() bool { return slices.Equal(s.said("n1", "lead", before), wanted) })
	for _, note := range *s.notes {
		require.NotEqual(s.t, probe.Wrong, note.Kind, "%s: %s", note.Node, note.Detail)
		require.NotEqual(s.t, "panic", note.Kind, "%s: %s", note.Node, note.Detail)
	}
}

// said is what somebody has noted since; what was asked for twice is said twice, and counts once.
func (s *stage) said(who, kind string, since int) (details []string) {
	for _, note := range (*s.notes)[since:] {
		if note.Node == who && note.Kind == kind {
			details = append(details, note.Detail)
		}
	}
	return slices.Compact(details)
}

// highestTermLeads has nodes lead in turn, and one of them die of it.
func highestTermLeads(s *stage) {
	for _, node := range nodes {
		s.insist("c1", probe.Lead(node, 0), good)
	}
	s.leads("")
	s.insist("c1", probe.Lead("n2", 5), good)
	s.leads("n2")
	s.insist("c1", probe.Lead("n3", 7), good)
	s.leads("n3")
	s.insist("c1", probe.Lead("n2", 9), good)
	s.leads("n2")
	restart := s.kill("n2")
	require.NotEqual(s.t, "n2", s.world.Leader(), "it is down")
	s.leads("n3")
	restart()
	s.insist("c1", probe.Read("n2"), good)
	s.pass(while)
	require.Equal(s.t, "n3", s.world.Leader(), "n2 has forgotten that it led")
	s.insist("c1", probe.Lead("n3", 0), good)
	s.leads("")
}

func (s *stage) leads(node string) {
	s.t.Helper()
	s.eventually(`the leader is "`+node+`"`, func() bool { return s.world.Leader() == node })
}
