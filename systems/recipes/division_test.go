package recipes

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// However many members there are, and in whatever order they are listed, each partition is in the share of one of them, and
// no share is larger than another by more than one.
func TestSharesOfPartitions(t *testing.T) {
	for count := 1; count <= 2*Partitions; count++ {
		var members []string
		for i := range count {
			members = append(members, fmt.Sprintf("c%d.1", count-i))
		}
		listed := slices.Clone(members)
		var owners []int
		for _, member := range members {
			c := consumers{kit: &kit{}, id: member}
			first, end := c.share(listed)
			require.LessOrEqual(t, end-first, (Partitions+count-1)/count)
			require.GreaterOrEqual(t, end-first, Partitions/count)
			for partition := first; partition < end; partition++ {
				owners = append(owners, partition)
			}
		}
		require.Equal(t, members, listed, "the list is not the member's to change")
		slices.Sort(owners)
		require.Len(t, owners, Partitions)
		require.Len(t, slices.Compact(owners), Partitions)
	}
}

// Who is not listed has no share, and claims nothing.
func TestNoShareForStrangers(t *testing.T) {
	c := consumers{kit: &kit{}, id: "c9.1"}
	first, end := c.share([]string{"c1.1", "c2.1"})
	require.Equal(t, first, end)
	first, end = c.share(nil)
	require.Equal(t, first, end)
}

// Shards are given to the instances in turn; with none there is no division.
func TestDivisionOfShards(t *testing.T) {
	require.Empty(t, division(nil))
	require.Equal(t, "a b a b a b", division([]string{"a", "b"}))
	for count := 1; count <= 2*Shards; count++ {
		var ids []string
		for i := range count {
			ids = append(ids, fmt.Sprintf("c%d.1", i))
		}
		owners := strings.Fields(division(ids))
		require.Len(t, owners, Shards)
		for _, id := range ids {
			has := len(slices.DeleteFunc(slices.Clone(owners), func(owner string) bool { return owner != id }))
			require.LessOrEqual(t, has, (Shards+count-1)/count)
			require.GreaterOrEqual(t, has, Shards/count)
		}
	}
}
