package eureka

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// pages are dashboards recorded from real servers, some that had just started, some with twenty instances of
// which half had crashed.
var pages = map[string]figures{
	"spring-fresh":       {expiring: false, threshold: 1, renews: 0},
	"spring-preserving":  {expiring: false, threshold: 32, renews: 20},
	"netflix-fresh":      {expiring: false, threshold: 0, renews: 0},
	"netflix-preserving": {expiring: false, threshold: 32, renews: 20},
}

func page(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name+".html"))
	require.NoError(t, err)
	return content
}

func TestDashboard(t *testing.T) {
	for name, want := range pages {
		got, err := dashboardFigures(page(t, name))
		require.NoError(t, err, name)
		require.Equal(t, want, got, name)
		require.True(t, got.agree(), name)
	}
}

// TestDashboardInstances: what instances are called cannot pass for figures.
func TestDashboardInstances(t *testing.T) {
	for name, want := range pages {
		hostile := strings.Replace(string(page(t, name)), "</body>",
			"Lease expiration enabled: true, Renews threshold: 7, Renews (last min):  9</hr></body>", 1)
		got, err := dashboardFigures([]byte(hostile))
		require.NoError(t, err, name)
		require.Equal(t, want, got, name)
	}
}

// TestDashboardChanged: a page that says something else, twice or not at all, is an error.
func TestDashboardChanged(t *testing.T) {
	sound := string(page(t, "netflix-preserving"))
	changes := map[string][2]string{
		"no list":         {"Instances currently registered", "Instances"},
		"no threshold":    {"Renews threshold", "Threshold"},
		"no number":       {"Renews threshold: 32", "Renews threshold: many"},
		"a negative":      {"Renews threshold: 32", "Renews threshold: -32"},
		"too large":       {"Renews threshold: 32", "Renews threshold: 32000000000"},
		"grouped wrongly": {"Renews threshold: 32", "Renews threshold: 3,2"},
		"no flag":         {"enabled: false", "enabled: maybe"},
		"twice":           {"Renews threshold: 32, ", "Renews threshold: 32, Renews threshold: 33, "},
		"no last minute":  {"(last min)", "(last hour)"},
	}
	for name, change := range changes {
		require.Contains(t, sound, change[0], name)
		_, err := dashboardFigures([]byte(strings.Replace(sound, change[0], change[1], 1)))
		require.ErrorIs(t, err, errDashboard, name)
	}
	_, err := dashboardFigures(nil)
	require.ErrorIs(t, err, errDashboard)
}

func TestDashboardGrouped(t *testing.T) {
	spring := strings.Replace(string(page(t, "spring-preserving")), "<td>32</td>", "<td>12,345</td>", 1)
	got, err := dashboardFigures([]byte(spring))
	require.NoError(t, err)
	require.EqualValues(t, 12345, got.threshold)
}

// TestExpected: the number of clients is found again from its threshold, as Eureka computes that.
func TestExpected(t *testing.T) {
	for clients := range int64(20000) {
		threshold := int64(float64(clients) * (60.0 / 30) * 0.85)
		require.Equal(t, clients, figures{threshold: threshold}.expected())
	}
}

func TestTurn(t *testing.T) {
	require.Equal(t, "entered expected=12 threshold=20 renews=18", figures{threshold: 20, renews: 18}.turn())
	require.Equal(t, "left expected=12 threshold=20 renews=24", figures{expiring: true, threshold: 20, renews: 24}.turn())
	require.False(t, figures{expiring: true, threshold: 20, renews: 20}.agree())
	require.False(t, figures{threshold: 20, renews: 21}.agree())
	require.True(t, figures{threshold: 0, renews: 21}.agree())
}

func FuzzDashboard(f *testing.F) {
	for name := range pages {
		f.Add(page(f, name))
	}
	f.Add([]byte("Renews threshold: 1,234, Instances currently registered with Eureka"))
	f.Fuzz(func(t *testing.T, content []byte) {
		found, err := dashboardFigures(content)
		if err != nil {
			require.ErrorIs(t, err, errDashboard)
			return
		}
		require.GreaterOrEqual(t, found.threshold, int64(0))
		require.GreaterOrEqual(t, found.renews, int64(0))
		require.Contains(t, found.turn(), "expected=")
	})
}
