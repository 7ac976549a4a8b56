// Package layer stands between a process and its disk, and meets every sync on its way: it can make it take longer,
// fail it, or let it be the last thing that the disk ever heard of.
//
//	a process ──▶ place ──▶ FUSE ──▶ Layer, in the harness ──▶ folder
//	                                 writes    passed on
//	                                 syncs     slow, failed, or cut off: see Slow, Ail and Doom
//
// What is met are fsync, fdatasync and msync, of files and folders. A file opened with O_SYNC is passed on as such, and
// syncfs is not heard of: Linux tells no FUSE file system that is not a virtual machine's.
//
// A layer lives in its process. When that is killed, whoever uses the place gets errors, and the mount stays as an entry
// that leads nowhere, which package disk unmounts with the rest of what dead processes left (Leftovers).
//
// It takes Linux, /dev/fuse and the right to mount; Able says what is missing.
//
// A map of the files: layer_linux.go (Layer, Able), node_linux.go (what is passed on), doom_linux.go (Doom and what it
// leaves of a write), met.go (Met: how many syncs there were), other.go (other systems, which cannot).
package layer
