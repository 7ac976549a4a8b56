package serve

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// A store of 10,000 runs: what one answer takes after a look at every folder (looking), and from what is known. A server does not
// wait for a look that takes longer than 50 ms.
func BenchmarkTenThousandRuns(b *testing.B) {
	store := b.TempDir()
	for i := range 10_000 {
		verdict := []string{"valid", "valid", "valid", "unknown", "invalid"}[i%5]
		fault := fmt.Sprintf("fault%d", i%40)
		writeRun(b, store, fmt.Sprintf("cpstore-register-%s/20260102T%06d000-%d", fault, i, i), "cpstore", fault, i, verdict, "a reason")
	}
	s := open(b, Options{Store: store})
	for name, path := range map[string]string{"list": "/", "sort": "/?order=fault", "filter": "/?q=fault7+reason&state=invalid&order=-seed"} {
		for _, looking := range []bool{true, false} {
			b.Run(fmt.Sprintf("%s/looking=%t", name, looking), func(b *testing.B) {
				for b.Loop() {
					if looking {
						s.index.refresh()
					}
					s.index.rest = 1 << 60
					require.Equal(b, http.StatusOK, ask(s, path).Code)
				}
			})
		}
	}
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			s, err := Open(Options{Store: store})
			require.NoError(b, err)
			require.NoError(b, s.Close())
		}
	})
}
