// Package disk makes disks whose power can be cut: what a node has not synced is lost, as it is when a
// machine loses its power, and what it has synced is kept.
//
//	a file ──▶ loop device ──▶ ext4, mounted at a folder ──▶ bound into the node's container
//
//	Fail     the file system stops at once, its journal unwritten; the node sees errors
//	         (the node is killed)
//	Recover  unmounted and mounted again: the kernel replays the journal
//
// It takes Linux, the right to mount (CAP_SYS_ADMIN), loop devices and the program mkfs.ext4; Able says
// what is missing. LazyFS and dm-flakey would do the same, with a program or a kernel module that few
// machines have.
//
// Only the node's container may have the folder, and it must be dead at Recover: as long as anything
// holds the file system, the kernel goes on with the one that was stopped.
//
// The files of a disk are in the folder for temporary files, below the name of the process that owns
// them, so that Leftovers finds what dead processes left, and layers over them (package layer) that lead nowhere.
//
// What is on a node's disk, of this kind or another, can be taken, copied and put back, and damaged: Take, Empty,
// Copy.Put, Turn and Flip.Mend.
//
// A map of the files: doc.go, disk_linux.go (Disk), loop_linux.go (loop devices), able_linux.go (Able),
// fill_linux.go (Fill and Drain: a disk without room), contents.go (Copy), owners_linux.go (whose files are),
// flip.go (Flip: a bit turned around), leftovers_linux.go (Leftovers: whose disks there are) and
// disk_other.go (other systems, which cannot).
package disk
