package shrink

import "cleave/workloads"

// shorterLog has the store make snapshots more often. What shows only where a log has been cut off, or a leader
// sends a snapshot, then shows after few operations.
func (s *search) shorterLog() {
	if s.withShorterLog() {
		return
	}
	s.better(len(snapshotIntervals), func(i int) Case { return s.best.withSnapshots(snapshotIntervals[i]) }, 0)
}

// snapshotIntervals are the numbers of entries that are tried.
var snapshotIntervals = []uint64{3, 5, 10, 20, 40}

func (c Case) withSnapshots(every uint64) Case {
	c.Plan.SnapshotEvery = every
	return c
}

// withShorterLog takes many operations away at the same time: every so many, or those at one end.
func (s *search) withShorterLog() bool {
	from, count := s.best, len(s.best.Schedule.Operations)
	if from.Items() <= mostStaged {
		return false
	}
	parts := []int{50, 20, 10, 5, 2}
	for _, every := range snapshotIntervals {
		if usual := from.Plan.SnapshotEvery; usual > 0 && every >= usual {
			return false
		}
		if s.better(3*len(parts), func(i int) Case {
			part, at := parts[i/3], -1
			return from.withSnapshots(every).only(func(workloads.Planned) bool {
				at++
				return [3]bool{at%part == 0, at < count/part, at >= count-count/part}[i%3]
			})
		}, 0) >= 0 {
			return true
		}
	}
	return false
}
