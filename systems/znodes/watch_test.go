package znodes

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/systems/zkwire"
)

// heard lists who was told what by a change: "owner:type:path:acl".
func heard(w *Watches, event zkwire.EventType, path string) []string {
	all := []string{}
	own, above := []zkwire.ACL{{Perms: 1}}, []zkwire.ACL{{Perms: 2}}
	w.Trigger(&Change{Type: event, Path: path, ACL: own, ParentACL: above}, func(owner uint64, event zkwire.Event, acl []zkwire.ACL) {
		all = append(all, fmt.Sprintf("%d:%d:%s:%d", owner, event.Type, event.Path, acl[0].Perms))
	})
	return all
}

func TestOneShotWatches(t *testing.T) {
	w := NewWatches("")
	w.Add(2, "/a", WatchData)
	w.Add(1, "/a", WatchExist)
	w.Add(1, "/a", WatchData)
	w.Add(3, "/a", WatchChildren)
	require.Equal(t, []string{"1:3:/a:1", "2:3:/a:1"}, heard(w, zkwire.EventDataChanged, "/a"))
	require.Empty(t, heard(w, zkwire.EventDataChanged, "/a"))
	require.Equal(t, []string{"3:4:/a:2"}, heard(w, zkwire.EventCreated, "/a/x"))
	require.Empty(t, heard(w, zkwire.EventDeleted, "/a/x"))
	require.Zero(t, w.Total())
}

// Who watches both the data and the children of a node hears of its end once; and the node's end
// comes before the change of its parent.
func TestDeletionIsToldOnce(t *testing.T) {
	w := NewWatches("")
	w.Add(1, "/a/b", WatchChildren)
	w.Add(1, "/a/b", WatchData)
	w.Add(2, "/a/b", WatchChildren)
	w.Add(1, "/a", WatchChildren)
	require.Equal(t, []string{"1:2:/a/b:1", "2:2:/a/b:1", "1:4:/a:2"}, heard(w, zkwire.EventDeleted, "/a/b"))
	require.Zero(t, w.Total(), "the one that was not told is gone too")
}

func TestLastingWatches(t *testing.T) {
	w := NewWatches("")
	w.Add(1, "/a", WatchPersistent)
	w.Add(2, "/a", WatchRecursive)
	w.Add(3, "/", WatchRecursive)
	for range 2 {
		require.Equal(t, []string{"1:1:/a:1", "2:1:/a:1", "3:1:/a:1"}, heard(w, zkwire.EventCreated, "/a"))
		require.Equal(t, []string{"1:3:/a:1", "2:3:/a:1", "3:3:/a:1"}, heard(w, zkwire.EventDataChanged, "/a"))
		require.Equal(t, []string{"2:1:/a/b/c:1", "3:1:/a/b/c:1"}, heard(w, zkwire.EventCreated, "/a/b/c"))
		require.Equal(t, []string{"2:2:/a/b:1", "3:2:/a/b:1", "1:4:/a:2"}, heard(w, zkwire.EventDeleted, "/a/b"))
		require.Equal(t, []string{"3:3:/ab:1"}, heard(w, zkwire.EventDataChanged, "/ab"))
		require.Equal(t, []string{"3:3:/:1"}, heard(w, zkwire.EventDataChanged, "/"))
	}
	require.True(t, w.Remove(3, "/", RemoveAny))
	require.True(t, w.Remove(2, "/a", RemoveAny))
	require.Zero(t, w.data.recursive)
	require.Zero(t, w.children.recursive)
	require.Empty(t, heard(w, zkwire.EventCreated, "/a/b"+"/c"))
}

// A watch that fires once leaves the lasting one beside it as it was.
func TestKindsDoNotReplaceEachOther(t *testing.T) {
	w := NewWatches("")
	w.Add(1, "/a", WatchPersistent)
	w.Add(1, "/a", WatchData)
	w.Add(1, "/a", WatchChildren)
	for range 3 {
		require.Equal(t, []string{"1:3:/a:1"}, heard(w, zkwire.EventDataChanged, "/a"))
		require.Equal(t, []string{"1:4:/a:2"}, heard(w, zkwire.EventCreated, "/a/x"))
	}
	w.Add(2, "/r", WatchRecursive)
	w.Add(2, "/r", WatchChildren)
	require.Equal(t, []string{"2:1:/r/x:1", "2:4:/r:2"}, heard(w, zkwire.EventCreated, "/r/x"))
	require.Equal(t, []string{"2:1:/r/x:1"}, heard(w, zkwire.EventCreated, "/r/x"))
}

// Of addWatch's two kinds the last one counts.
func TestLastingKindsReplaceEachOther(t *testing.T) {
	w := NewWatches("")
	w.Add(1, "/a", WatchPersistent)
	w.Add(1, "/a", WatchRecursive)
	require.Equal(t, []string{"1:1:/a/x:1"}, heard(w, zkwire.EventCreated, "/a/x"))
	w.Add(1, "/a", WatchPersistent)
	require.Equal(t, []string{"1:4:/a:2"}, heard(w, zkwire.EventCreated, "/a/x"))
	require.Zero(t, w.data.recursive)
}

func TestRemoveAndHas(t *testing.T) {
	w := NewWatches("")
	w.Add(1, "/a", WatchData)
	w.Add(1, "/b", WatchChildren)
	w.Add(1, "/p", WatchPersistent)
	for path, has := range map[string][]bool{"/a": {false, true, true}, "/b": {true, false, true}, "/p": {true, true, true}, "/c": {false, false, false}} {
		for i, kind := range []int32{RemoveChildren, RemoveData, RemoveAny} {
			require.Equal(t, has[i], w.Has(1, path, kind), "%s %d", path, kind)
			require.False(t, w.Has(2, path, kind), "another's")
			require.False(t, w.Remove(2, path, kind))
		}
	}
	require.False(t, w.Remove(1, "/a", RemoveChildren))
	require.True(t, w.Remove(1, "/a", RemoveAny))
	require.False(t, w.Remove(1, "/a", RemoveAny))
	require.True(t, w.Remove(1, "/p", RemoveData))
	require.True(t, w.Has(1, "/p", RemoveChildren))
	require.False(t, w.Has(1, "/p", RemoveData))
	require.False(t, w.Has(1, "/p", 0))
}

func TestListings(t *testing.T) {
	w := NewWatches("")
	w.Add(2, "/b", WatchData)
	w.Add(1, "/b", WatchPersistent)
	w.Add(2, "/a", WatchExist)
	w.Add(2, "/c", WatchChildren)
	watches, paths, owners := w.Count()
	require.Equal(t, []int{3, 2, 2}, []int{watches, paths, owners})
	require.Equal(t, 5, w.Total())
	var lines []string
	w.ByOwner(func(owner uint64, paths []string) { lines = append(lines, fmt.Sprint(owner, paths)) })
	w.ByPath(func(path string, owners []uint64) { lines = append(lines, fmt.Sprint(path, owners)) })
	require.Equal(t, []string{"1 [/b]", "2 [/a /b]", "/a[2]", "/b[1 2]"}, lines)
}

// plainWatches are a list of (owner, path, kind, table), gone through for every question.
type plainWatches struct{ all []plainWatch }

type plainWatch struct {
	owner    uint64
	path     string
	kind     WatchKind
	children bool // the table
}

func (p *plainWatches) add(owner uint64, path string, kind WatchKind) {
	if kind == WatchExist {
		kind = WatchData // the same watch
	}
	both := kind == WatchPersistent || kind == WatchRecursive
	if both {
		p.remove(func(one plainWatch) bool {
			return one.owner == owner && one.path == path && (one.kind == WatchPersistent || one.kind == WatchRecursive)
		})
	}
	for _, children := range []bool{false, true} {
		one := plainWatch{owner, path, kind, children}
		if (both || children == (kind == WatchChildren)) && !slices.Contains(p.all, one) {
			p.all = append(p.all, one)
		}
	}
}

func (p *plainWatches) remove(gone func(plainWatch) bool) bool {
	before := len(p.all)
	p.all = slices.DeleteFunc(p.all, gone)
	return len(p.all) < before
}

// fire lists who hears of one event by one table.
func (p *plainWatches) fire(path string, event zkwire.EventType, children bool) (owners []uint64) {
	hears := func(one plainWatch) bool {
		below := strings.HasPrefix(path, strings.TrimSuffix(one.path, "/")+"/")
		switch {
		case one.children != children:
			return false
		case one.kind == WatchRecursive:
			return event != zkwire.EventChildren && (below || one.path == path)
		}
		return one.path == path
	}
	for _, one := range p.all {
		if hears(one) {
			owners = append(owners, one.owner)
		}
	}
	p.remove(func(one plainWatch) bool { return hears(one) && (one.kind == WatchData || one.kind == WatchChildren) })
	slices.Sort(owners)
	return slices.Compact(owners)
}

func (p *plainWatches) heard(event zkwire.EventType, path string) []string {
	all := []string{}
	told := p.fire(path, event, false)
	for _, owner := range told {
		all = append(all, fmt.Sprintf("%d:%d:%s:1", owner, event, path))
	}
	if event == zkwire.EventDeleted {
		for _, owner := range p.fire(path, event, true) {
			if !slices.Contains(told, owner) {
				all = append(all, fmt.Sprintf("%d:%d:%s:1", owner, event, path))
			}
		}
	}
	if event != zkwire.EventDataChanged && path != "/" {
		for _, owner := range p.fire(parentOf(path), zkwire.EventChildren, true) {
			all = append(all, fmt.Sprintf("%d:4:%s:2", owner, parentOf(path)))
		}
	}
	return all
}

// pairs counts a table's different owners and paths.
func (p *plainWatches) pairs(children bool) int {
	seen := map[string]bool{}
	for _, one := range p.all {
		if one.children == children {
			seen[fmt.Sprint(one.owner, one.path)] = true
		}
	}
	return len(seen)
}

func TestWatchesAgainstAList(t *testing.T) {
	for seed := range uint64(10) {
		random := rand.New(rand.NewPCG(seed, 3))
		w, plain := NewWatches(""), &plainWatches{}
		names := []string{"/", "/a", "/b", "/a/b", "/a/c", "/a/b/c", "/ab"}
		told := 0
		for range 3000 {
			path, owner := names[random.IntN(len(names))], uint64(random.IntN(5))
			kind := int32(1 + random.IntN(3))
			match := func(one plainWatch) bool {
				return one.owner == owner && one.path == path && (kind == RemoveAny || one.children == (kind == RemoveChildren))
			}
			switch random.IntN(10) {
			case 0:
				require.Equal(t, slices.ContainsFunc(plain.all, match), w.Has(owner, path, kind))
				require.Equal(t, plain.remove(match), w.Remove(owner, path, kind))
			case 1:
				if random.IntN(5) == 0 {
					w.Drop(owner)
					plain.remove(func(one plainWatch) bool { return one.owner == owner })
				}
			case 2, 3, 4, 5:
				kind := WatchKind(1 + random.IntN(5))
				w.Add(owner, path, kind)
				plain.add(owner, path, kind)
			default:
				event := zkwire.EventType(1 + random.IntN(3))
				want := plain.heard(event, path)
				require.Equal(t, want, heard(w, event, path))
				told += len(want)
			}
			require.Equal(t, plain.pairs(false)+plain.pairs(true), w.Total())
		}
		require.Greater(t, told, 1000)
		for owner := range uint64(5) {
			w.Drop(owner)
		}
		require.Equal(t, NewWatches(""), w, "nothing is left")
	}
}
