package tidy

import (
	"slices"
	"strings"
)

// below says for each room which packages of other rooms it may import: imports point down only.
// Besides, cmd imports everything, packages of one room each other, and everybody but history
// internal/rng; the fault model, internal/link, is for those who act on links, the byte reader,
// internal/octets, and the host of WebAssembly, internal/wasi, for systems, the words for programs' ends,
// internal/ends, for those who run programs, the reader of files that people write, internal/byhand, for
// harness and systems, and internal/golden and internal/browser for tests alone. A sub-package, such as
// world/sim, is its room's own affair and cmd's.
var below = map[string][]string{
	"cmd":        nil,
	"cleavetest": {"harness", "harness/shrink", "harness/sweep", "workloads", "nemesis", "checker", "reports", "world", "world/sim", "history"},
	"claims":     {"harness", "reports", "nemesis", "checker", "history"},
	"harness":    {"workloads", "nemesis", "checker", "reports", "world", "history"},
	"workloads":  {"models", "checker", "history"},
	"reports":    {"checker", "history"},
	"checker":    {"models", "history", "history/foreign"},
	"systems":    {"world", "history"},
	"world":      {"history"},
	"nemesis":    {"history"},
	"models":     {"history"},
	"history":    nil,

	"internal/conformance": {"world", "history"},
	"internal/ensemble":    nil,
	"internal/browser":     nil,
	"internal/golden":      nil,
	"internal/link":        nil,
	"internal/octets":      nil,
	"internal/ends":        nil,
	"internal/byhand":      nil,
	"internal/eurekahttp":  {"systems/apregistry", "systems/eurekawire"},
	"internal/zkscript":    {"systems/zkwire"},
	"internal/rng":         nil,
	"internal/wasi":        {"world"},
	"internal/tidy":        nil,
}

// imports checks that imports point down. A test may import anything of the project, but those of
// checkers and models know no system, world or harness.
func imports(file *File, report reporter) {
	if file.Syntax == nil {
		return
	}
	room := roomOf(file.Folder)
	if _, known := below[room]; !known {
		report(1, "a package outside the rooms of the design", "move it into a room, or add the room to internal/tidy/imports.go")
		return
	}
	for _, spec := range file.Syntax.Imports {
		path := importPathOf(spec)
		target, own := file.module.folderOf(path)
		line := file.line(spec.Pos())
		switch {
		case !own && room == "history" && !file.Test && isForeign(path):
			report(line, "history imports "+path, "history needs the standard library only")
		case own && file.Test && !testMayImport(room, target):
			report(line, "a test of "+room+" imports "+target, "test with histories written by hand")
		case own && !file.Test && !mayImport(room, target):
			report(line, room+" imports "+target, "imports point down only: "+room+" may import "+listed(below[room]))
		}
	}
}

// roomOf is the first part of a folder; below internal every package is a room.
func roomOf(folder string) string {
	room, rest, _ := strings.Cut(folder, "/")
	if room == "internal" {
		name, _, _ := strings.Cut(rest, "/")
		return "internal/" + name
	}
	return room
}

func mayImport(room, target string) bool {
	if room == "cmd" || roomOf(target) == room {
		return true
	}
	switch target {
	case "internal/rng":
		return room != "history"
	case "internal/octets", "internal/wasi":
		return room == "systems"
	case "internal/byhand":
		return room == "harness" || room == "systems"
	case "internal/ends":
		return room == "world" || room == "internal/wasi"
	case "internal/link":
		return slices.Contains([]string{"world", "nemesis", "harness", "cleavetest", "internal/conformance"}, room)
	}
	return slices.Contains(below[room], target)
}

func testMayImport(room, target string) bool {
	if room != "checker" && room != "models" {
		return true
	}
	return !slices.Contains([]string{"systems", "world", "harness"}, roomOf(target))
}

// isForeign tells whether an import is of another module: its first element is a host name.
func isForeign(path string) bool {
	host, _, _ := strings.Cut(path, "/")
	return strings.Contains(host, ".")
}

func listed(rooms []string) string {
	if len(rooms) == 0 {
		return "no other room"
	}
	return strings.Join(rooms, ", ")
}
