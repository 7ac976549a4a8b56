package harness

import "runtime/debug"

// CollectLess has the garbage collector work less than it usually does, for many runs in one process: each
// leaves much behind and keeps little, so the heap stays small all the same. memory is how many bytes the
// process may hold, 0 for as many as the runs need: the collector works harder near four fifths of it. undo
// sets back what was before.
func CollectLess(memory uint64) (undo func()) {
	const percent = 3200 // of what is kept may be left behind: 350 MB for usual runs on two cores, more where they keep long lists
	old := debug.SetGCPercent(percent)
	limit := debug.SetMemoryLimit(-1)
	if memory > 0 {
		debug.SetMemoryLimit(int64(memory / 10 * 8))
	}
	return func() {
		debug.SetGCPercent(old)
		debug.SetMemoryLimit(limit)
	}
}
