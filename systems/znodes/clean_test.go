package znodes

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/systems/zkwire"
)

func (d *desk) due() []string { return d.Due(time.Duration(d.now) * time.Millisecond) }

func (d *desk) clean(path string) Result { return d.apply(Command{Kind: CommandClean, Path: path}) }

func TestContainers(t *testing.T) {
	d := newDesk(Options{})
	d.must(containerOf("/c"))
	require.Empty(t, d.due(), "a container waits for its first child")
	require.Equal(t, zkwire.NotEmpty, d.clean("/c").Reply.Code)
	d.create("/c/x", 0)
	require.Empty(t, d.due())
	require.Equal(t, zkwire.NotEmpty, d.clean("/c").Reply.Code)
	d.must(deleteOf("/c/x", -1))
	require.Equal(t, []string{"/c"}, d.due())
	r := d.clean("/c")
	require.Equal(t, zkwire.OK, r.Reply.Code)
	require.Equal(t, []Change{{zkwire.EventDeleted, "/c", open, open}}, r.Changes)
	require.Equal(t, zkwire.NoNode, d.clean("/c").Reply.Code)
	require.Empty(t, d.due())
	for _, path := range []string{"/", "/zookeeper", "/zookeeper/quota"} {
		require.Equal(t, zkwire.NotEmpty, d.clean(path).Reply.Code, "%s is nothing that goes by itself", path)
	}
}

func TestTimeToLive(t *testing.T) {
	d := newDesk(Options{ExtendedTypes: true})
	d.must(ttlOf("/b", 50))
	d.must(ttlOf("/a", 50))
	d.must(ttlOf("/later", 5000))
	d.now += 50
	require.Empty(t, d.due(), "the time must have passed")
	d.now++
	require.Equal(t, []string{"/a", "/b"}, d.due())
	d.must(setOf("/a", "x", -1))
	require.Equal(t, zkwire.NotEmpty, d.clean("/a").Reply.Code, "set since")
	require.Equal(t, zkwire.OK, d.clean("/b").Reply.Code)
	d.create("/a/x", 0)
	d.now += 51
	require.Empty(t, d.due(), "it has a child")
	d.must(deleteOf("/a/x", -1))
	require.Equal(t, []string{"/a"}, d.due(), "a child does not set the clock back")
}
