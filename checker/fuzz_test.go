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
