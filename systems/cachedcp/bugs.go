package cachedcp

import "cleave/world"

// The planted bugs, all of the cache.
const (
	bugTakesEmpty = "takes-empty"
	bugLossWipes  = "loss-wipes"
	bugWatchOnce  = "watch-once"
	bugNoReread   = "no-reread"
	bugNoFile     = "no-file"
)

func bugs() []world.Bug {
	return []world.Bug{
		{Name: bugTakesEmpty, Workload: "discovery", Checker: "cache-survives", Faults: "none", Clients: 2, // of which one has the only instance
			Breaks: "the cache takes whatever list the store gives, so that an empty one wipes it",
			Origin: "Dubbo's consumers were told of an empty list of providers as of the URL empty://, and forgot all that they had."},
		{Name: bugLossWipes, Workload: "discovery", Checker: "cache-survives", Faults: "isolate-one",
			Breaks: "the end of a connection empties the cache, as if nobody were registered any more"},
		{Name: bugWatchOnce, Workload: "discovery", Checker: "cache-follows", Faults: "none",
			Breaks: "the watch is armed at the first read and never again, so that the cache hears of the first change alone"},
		{Name: bugNoReread, Workload: "discovery", Checker: "cache-follows", Faults: "isolate-one",
			Breaks: "the cache reads nothing again under a new session, so that after a partition it stays as it was before"},
		{Name: bugNoFile, Workload: "discovery", Checker: "cache-survives", Faults: "isolate-one",
			Breaks: "the list is never written to the disk, so that a process that begins again during an outage has nothing"},
	}
}
