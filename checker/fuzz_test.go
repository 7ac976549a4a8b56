package checker

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"cleave/history"
)

// FuzzCheckers: no checker panics on any history that can be read.
func FuzzCheckers(f *testing.F) {
	for _, lines := range []string{
		"c1  |-write x 1 v5-|  |-cas x 1 2-?\nc2         |-read x = 2 @n1 v7-|",
		"phase ^faults   ^quiet\nfault ^start cut apart=n1,c1 nodes=n1    ^end cut\nc1  |-register a-|  |-die a-|\nc2            |-lookup web = [a b] @n1-|",
		"note ^n1 leader term 1  ^n2 panic oh\nc1 |-read x = [a b]-|",
		"note   ^c1 connected n1 session 0x1            ^c1 event changed /w/x   ^c1 expired 0x1\n" +
			"c1      |-watch w/x data = [5 1] v5-| |-watch w recursive = [1 0] v5-| |-stat w/x = [6 2] v6-|\nc2  |-write w/x 2 v6-| |-remove w/x v7-|",
		"phase ^quiet\nc1  |-own e/a = 0x1 v5-| |-close e = 0x1 v6-|\nc2     |-owners e = [[a 0x1]] @n1 v5-| |-die e = 0x2-|",
		"c1  |-create-sequential s = 1 v5-| |-multi p 1 v6-|\nc2     |-watch s children = [5 1] v5-| |-pair p = [1 1] v6-| |-multi-fail p 2-?",
		"phase ^warm-up       ^quiet\nfault   ^start kill down=n3   ^end kill\n" +
			"note ^n1 self-preservation entered expected=6 threshold=10 renews=10  ^n1 self-preservation left\n" +
			"c1  |-register web/a-|  |-set-status web/a DOWN @n1-| |-clear-status web/a @n1-|  |-deregister web/a @n1-|\n" +
			"c2        |-lookup web = [web/a] @n1-| |-cache-lookup web = [web/a]-|   |-status web/a = UP @n1-|   |-cache-lookup web = []-|",
	} {
		var text []byte
		for _, event := range readScript(strings.Split(lines, "\n")).Events {
			text = event.AppendJSON(text)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		h, err := history.Decode(bytes.NewReader(text))
		if err != nil || len(h.Events) > 200 || len(h.Run.Nodes) > 12 {
			return
		}
		for _, c := range everyChecker() {
			result := Run(c, h, Budget{Time: 100 * time.Millisecond, Memory: 1 << 24})
			if strings.Contains(result.Reason, "panicked") && result.Verdict == Unknown {
				t.Fatalf("%s: %s", c.Name(), result.Reason)
			}
		}
	})
}
