package cpstore

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// validPath tells whether ZooKeeper would take a path: it begins with a slash, has no empty, "." or
// ".." part, no slash at the end and none of the forbidden characters. A sequential node's path may
// end with a slash, as its name is still to be completed.
func validPath(path string, sequential bool) bool {
	if sequential {
		path += "0"
	}
	if path == "/" {
		return true
	}
	if len(path) == 0 || path[0] != '/' || !utf8.ValidString(path) {
		return false
	}
	for rest, more := path[1:], true; more; {
		var part string
		part, rest, more = strings.Cut(rest, "/")
		if part == "" || part == "." || part == ".." {
			return false
		}
	}
	return strings.IndexFunc(path, forbidden) < 0
}

func forbidden(c rune) bool {
	return c <= 0x1f || c >= 0x7f && c <= 0x9f || c >= 0xd800 && c <= 0xf8ff || c >= 0xfff0 && c <= 0xffff
}

// split parts a valid path other than "/" into its parent's path and its own name.
func split(path string) (parent, name string) {
	at := strings.LastIndexByte(path, '/')
	if at == 0 {
		return "/", path[1:]
	}
	return path[:at], path[at+1:]
}

// join is the path of a child.
func join(parent, name string) string {
	if parent == "/" {
		return "/" + name
	}
	return parent + "/" + name
}

// sequenced completes the name of a sequential node with its parent's count of creations.
func sequenced(path string, created int32) string { return fmt.Sprintf("%s%010d", path, created) }
