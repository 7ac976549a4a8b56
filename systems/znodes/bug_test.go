package znodes

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/systems/zkwire"
)

// Each planted bug beside the state without it.

func TestBugMultiOneByOne(t *testing.T) {
	for bug, stays := range map[string]bool{"": false, BugMultiOneByOne: true} {
		d := newDesk(Options{Bug: bug})
		r := d.do(multiOf(createOf("/a", 0, open), checkOf("/a", 7), createOf("/b", 0, open)))
		require.Equal(t, zkwire.BadVersion, r.Reply.Results[1].Code)
		require.Equal(t, stays, d.there("/a"))
		require.False(t, d.there("/b"))
	}
}

func TestBugSequenceReuse(t *testing.T) {
	for bug, second := range map[string]string{"": "/q0000000001", BugSequenceReuse: "/q0000000000"} {
		d := newDesk(Options{Bug: bug})
		d.create("/d", 0)
		first := d.create("/d/q", zkwire.FlagSequential)
		d.must(deleteOf(first, -1))
		require.Equal(t, "/d"+second, d.create("/d/q", zkwire.FlagSequential))
	}
}

// ended is a state whose session owned three nodes and ended, having been restored in between or not.
func ended(t *testing.T, bug string, restored bool) *desk {
	d := newDesk(Options{Bug: bug})
	for _, path := range []string{"/a", "/b", "/c"} {
		d.create(path, zkwire.FlagEphemeral)
	}
	if restored {
		got, err := Decode(d.Encode(), d.options)
		require.NoError(t, err)
		d.State = got
	}
	require.Equal(t, zkwire.OK, d.apply(Command{Kind: CommandExpire, Expired: []int64{d.session}}).Reply.Code)
	_, found := d.Session(d.session)
	require.False(t, found)
	return d
}

func TestBugsOfRestoredSessions(t *testing.T) {
	rows := []struct {
		bug      string
		restored bool
		left     []bool
	}{
		{"", false, []bool{false, false, false}}, {"", true, []bool{false, false, false}},
		{Bug1367, false, []bool{false, false, false}}, {Bug1367, true, []bool{true, true, true}},
		{Bug2355, false, []bool{false, false, false}}, {Bug2355, true, []bool{false, false, true}},
	}
	for _, row := range rows {
		d := ended(t, row.bug, row.restored)
		require.Equal(t, row.left, []bool{d.there("/a"), d.there("/b"), d.there("/c")}, row.bug)
		got, err := Decode(d.Encode(), d.options)
		require.NoError(t, err, "nodes without a session are restored again")
		d.State = got
		d.session = d.open()
		for _, path := range []string{"/a", "/b", "/c"} {
			if d.there(path) {
				d.must(deleteOf(path, -1))
			}
		}
		require.Zero(t, d.Ephemerals())
	}
}

func TestBug4466(t *testing.T) {
	for bug, events := range map[string]int{"": 3, Bug4466: 1} {
		w := NewWatches(bug)
		w.Add(1, "/a", WatchPersistent)
		w.Add(1, "/a", WatchData)
		heard := 0
		for range 3 {
			w.Trigger(&Change{Type: zkwire.EventDataChanged, Path: "/a"}, func(uint64, zkwire.Event, []zkwire.ACL) { heard++ })
		}
		require.Equal(t, events, heard, bug)
	}
}
