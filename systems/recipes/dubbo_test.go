package recipes

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A provider's node is its address, encoded so that it is one name.
func TestProvidersAreNamedByTheirAddresses(t *testing.T) {
	const node = "/dubbo/web/providers/dubbo%3A%2F%2Fn1%3A20881%2Fweb%3Fdynamic%3Dtrue%26side%3Dprovider"
	require.Equal(t, node, providerPath("web/n1:20881"))
	require.Equal(t, "web/n1:20881", providerIn("web", node[len(providersPath("web"))+1:]))
	for _, stranger := range []string{"", "%", "n1", "dubbo%3A%2F%2F%2Fweb", "%3A"} {
		require.Empty(t, providerIn("web", stranger), stranger)
	}
}

// A list that is guarded outlives an empty answer, but not a shorter one.
func TestGuardedViews(t *testing.T) {
	guarded, plain := view{guards: true}, view{}
	for _, v := range []*view{&guarded, &plain} {
		v.learn(nil)
		require.True(t, v.known, "an empty list is better than none")
		v.learn([]string{"b", "a"})
		require.Equal(t, []string{"a", "b"}, v.names)
		v.learn([]string{"b"})
		v.learn(nil)
	}
	require.Equal(t, []string{"b"}, guarded.names)
	require.Empty(t, plain.names)
}
