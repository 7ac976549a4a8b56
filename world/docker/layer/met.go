package layer

import "fmt"

// Met counts syncs, of files and folders: all that a layer has met, those that it made take longer, and those that it
// failed.
type Met struct{ Syncs, Slowed, Failed int64 }

// String says it in words.
func (m Met) String() string {
	return fmt.Sprintf("%d syncs, %d of them slowed down, %d failed", m.Syncs, m.Slowed, m.Failed)
}
