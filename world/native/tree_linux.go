package native

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// process is what /proc says of one, see proc(5), /proc/pid/stat.
type process struct {
	number, parent, group int
	state                 string // one letter
}

// still tells whether it does nothing: it is stopped, or has ended.
func (p process) still() bool { return strings.Contains("TtZXx", p.state) }

// below are all processes that descend from one.
func below(ancestor int) (found []process) {
	children := map[int][]process{}
	for _, each := range processes() {
		children[each.parent] = append(children[each.parent], each)
	}
	todo := []int{ancestor}
	for len(todo) > 0 {
		parent := todo[0]
		todo = todo[1:]
		for _, each := range children[parent] {
			found = append(found, each)
			todo = append(todo, each.number)
		}
	}
	return found
}

// processes are all that there are. One that ends meanwhile is left out.
func processes() (all []process) {
	folder, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer func() { _ = folder.Close() }() // only read
	names, _ := folder.Readdirnames(-1)   // what was read of them counts
	for _, name := range names {
		number, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		text, err := os.ReadFile(filepath.Join("/proc", name, "stat"))
		if err != nil {
			continue
		}
		if each, good := parseStat(number, text); good {
			all = append(all, each)
		}
	}
	return all
}

// parseStat reads the fields behind the name, which may hold blanks and brackets.
func parseStat(number int, text []byte) (p process, good bool) {
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) < 3 {
		return p, false
	}
	parent, err := strconv.Atoi(fields[1])
	group, bad := strconv.Atoi(fields[2])
	return process{number: number, parent: parent, group: group, state: fields[0]}, err == nil && bad == nil
}
