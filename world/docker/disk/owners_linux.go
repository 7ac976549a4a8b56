package disk

import (
	"io/fs"
	"syscall"
)

// ownersOf are the numbers of the user and the group that a file belongs to.
func ownersOf(info fs.FileInfo) (user, group int) {
	status := info.Sys().(*syscall.Stat_t) // as package os says
	return int(status.Uid), int(status.Gid)
}
