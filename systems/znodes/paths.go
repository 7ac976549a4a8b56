package znodes

import "slices"

// chunkLimit is how many paths a chunk of a set holds at most.
const chunkLimit = 512

// paths is a sorted set of strings, in chunks of a limited size, none of them empty: in a plain
// sorted slice each of 100,000 children would push half of the others aside.
type paths struct {
	chunks [][]string
	count  int
}

// locate finds the chunk that has the path or should have it.
func (p *paths) locate(path string) int {
	low, high := 0, len(p.chunks) // the answer is the last chunk that does not begin after the path
	for low < high {
		middle := (low + high) / 2
		if p.chunks[middle][0] <= path {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return max(low-1, 0)
}

// add puts a path in, if it is not there.
func (p *paths) add(path string) {
	if len(p.chunks) == 0 {
		p.chunks, p.count = [][]string{{path}}, 1
		return
	}
	at := p.locate(path)
	chunk := p.chunks[at]
	if len(chunk) == chunkLimit {
		at, chunk = p.split(at, path)
	}
	place, found := slices.BinarySearch(chunk, path)
	if found {
		return
	}
	p.chunks[at] = slices.Insert(chunk, place, path)
	p.count++
}

// split makes room in a full chunk, and gives the chunk that has it. Names often grow, so what comes
// last of all begins a new chunk instead.
func (p *paths) split(at int, path string) (int, []string) {
	chunk, half := p.chunks[at], chunkLimit/2
	if at == len(p.chunks)-1 && path > chunk[chunkLimit-1] {
		p.chunks = append(p.chunks, nil)
		return at + 1, nil
	}
	p.chunks = slices.Insert(p.chunks, at+1, slices.Clone(chunk[half:]))
	clear(chunk[half:])
	p.chunks[at] = chunk[:half]
	if path >= p.chunks[at+1][0] {
		at++
	}
	return at, p.chunks[at]
}

// remove takes a path out, and tells whether it was there. Chunks that have become small beside each
// other are made one.
func (p *paths) remove(path string) bool {
	if len(p.chunks) == 0 {
		return false
	}
	at := p.locate(path)
	place, found := slices.BinarySearch(p.chunks[at], path)
	if !found {
		return false
	}
	p.count--
	p.chunks[at] = slices.Delete(p.chunks[at], place, place+1)
	if at > 0 && len(p.chunks[at-1])+len(p.chunks[at]) <= chunkLimit/4 {
		at--
	}
	switch {
	case len(p.chunks[at]) == 0:
		p.chunks = slices.Delete(p.chunks, at, at+1)
	case at+1 < len(p.chunks) && len(p.chunks[at])+len(p.chunks[at+1]) <= chunkLimit/4:
		p.chunks[at] = append(p.chunks[at], p.chunks[at+1]...)
		p.chunks = slices.Delete(p.chunks, at+1, at+2)
	}
	return true
}

// list gives all paths, in order, in a slice of the caller's.
func (p *paths) list() []string {
	all := make([]string, 0, p.count)
	for _, chunk := range p.chunks {
		all = append(all, chunk...)
	}
	return all
}
