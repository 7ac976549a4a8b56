package wasi

import "github.com/tetratelabs/wazero/experimental"

// linearMemory is an instance's memory: a range of addresses as large as its limit, of which the operating
// system gives what is touched, so that growing moves nothing and the end gives all back at once. Where there
// is no such range it is a slice. It is its own allocator.
type linearMemory struct {
	limit    uint64
	refused  bool // the program wanted more
	reserved []byte
	slice    []byte
}

// Allocate reserves the addresses.
func (m *linearMemory) Allocate(_, most uint64) experimental.LinearMemory {
	m.limit = min(m.limit, most)
	m.reserved = reserve(int(m.limit))
	return m
}

// Reallocate gives the first bytes, nil beyond the limit.
func (m *linearMemory) Reallocate(size uint64) []byte {
	switch {
	case size > m.limit:
		m.refused = true
		return nil
	case m.reserved != nil:
		return m.reserved[:size:size]
	}
	m.slice = append(m.slice, make([]byte, int(size)-len(m.slice))...)
	return m.slice
}

// Free gives the memory back.
func (m *linearMemory) Free() {
	if m.reserved != nil {
		unreserve(m.reserved)
	}
	m.reserved, m.slice = nil, nil
}
