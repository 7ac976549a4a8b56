package world

import (
	"errors"
	"time"

	"cleave/history"
	"cleave/internal/link"
)

// ErrRunaway is what Run gives when the processes do so much in no time that the run would never end:
// a storm of messages, most likely.
var ErrRunaway = errors.New("runaway: too many events a second")

// World is a place where nodes and clients live. The harness starts them, applies faults, lets time
// pass and tears down; it asks nothing else. All methods and all actions given to At run on one
// thread.
type World interface {
	// Populate adds the nodes of a system and clients beside them. Nodes boot and clients start when time
	// next passes, and take no request before. Between a client and the node of its host nothing is ever cut or lost unless a fault
	// says so. It is called once. An error says that nodes could not be brought up, and why.
	Populate(system System, cluster Cluster, clients []history.Placement) error
	// Invoke hands a request to a client, as if from its own event loop.
	Invoke(client string, request history.Request, done func(history.Completion))
	// At runs a harness action at a true time, before any event of a node at that time.
	At(at history.Time, action func())
	// Now is the true time.
	Now() history.Time
	// Run lets time pass until a true time. ErrRunaway ends it early.
	Run(until history.Time) error
	// OnNote hears every Note of a process. Set before Populate.
	OnNote(listener func(history.Note))
	// Leader is the node that leads with the highest term among those that are up, "" if none does.
	Leader() string
	// Close ends everything that runs.
	Close() error

	Faults
}

// Faults is what can be done to a world. Calls nest by counting: a link cut twice passes again after
// the second Mend, a node killed twice boots at the second Restart. Endpoints are nodes and clients.
type Faults interface {
	// Cut stops all messages of a directed link.
	Cut(from, to string)
	// Mend undoes one Cut.
	Mend(from, to string)
	// Dropped is how many messages a directed link has lost to cuts so far.
	Dropped(from, to string) int64
	// Disturb makes a directed link worse, on top of what it is: latencies add up, every chance is taken
	// for itself, the narrowest bandwidth holds.
	Disturb(from, to string, by link.Quality)
	// Calm undoes one Disturb of an equal quality.
	Calm(from, to string, by link.Quality)
	// Disturbed is how many messages of a directed link disturbances have lost, corrupted, doubled, held
	// back or delayed so far.
	Disturbed(from, to string) int64
	// Kill ends a node's process at once, as kill -9: its connections are reset. In simulation unsynced
	// writes are lost besides, as at PowerOff.
	Kill(node string)
	// Restart undoes one Kill.
	Restart(node string)
	// PowerOff ends a node's process at once and loses what it has not synced.
	PowerOff(node string)
	// PowerOn undoes one PowerOff.
	PowerOn(node string)
	// Fill leaves no room on a node's disk: writes fail. A node that ends of it is started again.
	Fill(node string)
	// Drain undoes one Fill.
	Drain(node string)
	// Pause stops a node from running, as SIGSTOP: its connections stay open and fill up.
	Pause(node string)
	// Resume undoes one Pause.
	Resume(node string)
	// Skew moves the wall clock of a node and of the clients beside it by an offset, added to what
	// other skews already do. A negative offset undoes a positive one.
	Skew(node string, offset time.Duration)

	// KillWriting ends a node's process in the midst of the next sync of its disk, at a moment that draw
	// decides, and of what was not durable a part stays, torn at a byte that draw decides too. Restart undoes
	// it, also if there was no sync meanwhile.
	KillWriting(node string, draw uint64)
	// Slow makes a node's process take up each message, timer and end of a sync one after another, with a pause
	// before each that is added to what others do. A negative pause undoes a positive one. In containers it gets the share
	// of a processor that would be left to it.
	Slow(node string, pause time.Duration)
	// SlowSync makes every sync of a node's disk take longer, added to what others do. A negative time undoes a
	// positive one.
	SlowSync(node string, longer time.Duration)
	// FailSync has every sync of a node's disk fail. A node that ends of it is started again.
	FailSync(node string)
	// MendSync undoes one FailSync.
	MendSync(node string)
	// FlipBit turns one bit around in the durable content of a file of a node that is down, in the first half of
	// the file, which draw decides. A node that ends of the damage is started again.
	FlipBit(node string, draw uint64)
	// MendBit undoes the last FlipBit, if the bit is still there.
	MendBit(node string)
	// LoseDisk takes all files of a node that is down, for good, but for those that its Deployment put there.
	LoseDisk(node string)
	// KeepDisk makes a copy of what is durable on a node's disk, in place of an earlier one; in containers also of
	// what is not durable yet.
	KeepDisk(node string)
	// RestoreDisk puts the copy in place of what is on the disk of a node that is down, for good.
	RestoreDisk(node string)

	// Expel has a node leave the membership of its cluster: all nodes are told, as by an operator whom no fault
	// disturbs, and the cluster does it when it can. The node itself runs on.
	Expel(node string)
	// Admit undoes one Expel.
	Admit(node string)
	// Renew takes all files of a node that is down, for good, and makes it another member, which has yet to join:
	// what its cluster knows of the one that had its name is of somebody who never comes back.
	Renew(node string)
}
