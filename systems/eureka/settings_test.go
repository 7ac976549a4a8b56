package eureka

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/internal/golden"
	"cleave/world"
)

func places(nodes ...string) world.Places { return world.Places{Cluster: world.Cluster{Nodes: nodes}} }

// TestSettings compares the settings of nodes with those in testdata.
func TestSettings(t *testing.T) {
	cases := []struct {
		file    string
		flavour Flavour
		scale   int
		nodes   []string
	}{
		{"spring-1", SpringCloud, 1, []string{"n1", "n2"}},
		{"spring-30", SpringCloud, 30, []string{"n1", "n2", "n3"}},
		{"netflix-1", Netflix, 1, []string{"n1", "n2"}},
		{"netflix-30", Netflix, 30, []string{"n1", "n2", "n3"}},
	}
	for _, c := range cases {
		got := System(c.flavour, c.scale).Deployment.Node("n2", places(c.nodes...))
		require.Len(t, got.Files, 1)
		require.Equal(t, []string{"java", "@/opt/eureka/java.args", "@" + got.Files[0].Path, "cleave.EurekaServer"}, got.Command)
		golden.Equal(t, "testdata/"+c.file+".args", string(got.Files[0].Content))
	}
}

// TestSettingsAlone: a node without peers tries none, and fetches from nobody.
func TestSettingsAlone(t *testing.T) {
	spring := settings(SpringCloud, "n1", []string{"n1"}, Options(SpringCloud, 30))
	require.Contains(t, spring, "eureka.client.fetch-registry=false\n")
	require.Contains(t, spring, "eureka.server.registrySyncRetries=0\n")
	require.NotContains(t, spring, "http://")
	netflix := settings(Netflix, "n1", []string{"n1"}, Options(Netflix, 30))
	require.Contains(t, netflix, "eureka.shouldFetchRegistry=false\n")
	require.Contains(t, netflix, "eureka.numberRegistrySyncRetries=0\n")
}

// TestScales: at every scale no time vanishes, and two heartbeats make a bucket.
func TestScales(t *testing.T) {
	for _, flavour := range []Flavour{SpringCloud, Netflix} {
		for _, scale := range []int{1, 7, 30, 60, 1000} {
			options := Options(flavour, scale)
			require.InDelta(t, 2, float64(options.RenewsBucket)/float64(options.RenewalInterval), 1e-6)
			for line := range strings.Lines(settings(flavour, "n1", []string{"n1", "n2"}, options)) {
				require.NotRegexp(t, `(Ms|Seconds|seconds|InMs)=0\n`, line, "scale %d", scale)
			}
			lease := leaseOf(options)
			require.GreaterOrEqual(t, time.Duration(lease.Duration)*time.Second, options.LeaseDuration)
			require.Positive(t, lease.RenewalInterval)
		}
	}
}
