package wasi

import "syscall"

// reserve takes a range of addresses, without the memory for it; nil if there is none.
func reserve(size int) []byte {
	reserved, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE,
		syscall.MAP_ANON|syscall.MAP_PRIVATE|syscall.MAP_NORESERVE)
	if err != nil {
		return nil
	}
	return reserved
}

// unreserve gives a range back. That it is none would be a fault of this package.
func unreserve(reserved []byte) {
	if err := syscall.Munmap(reserved); err != nil {
		panic("wasi: giving back memory: " + err.Error())
	}
}
