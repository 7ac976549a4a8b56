package znodes

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// The znodes that every tree has.
const (
	rootPath   = "/"
	procPath   = "/zookeeper"
	quotaPath  = "/zookeeper/quota"
	configPath = "/zookeeper/config"
)

// special tells whether a path is of a znode that cannot be deleted.
func special(path string) bool {
	return path == rootPath || path == procPath || path == quotaPath || path == configPath
}

// validPath tells whether ZooKeeper would take a path: it begins with a slash, has no empty, "." or
// ".." part, no slash at the end and none of the forbidden characters.
func validPath(path string) bool {
	if path == rootPath {
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

// forbidden knows the characters that no path may have. ZooKeeper looks at UTF-16: what is beyond
// 16 bits is a pair of surrogates there, which are forbidden.
func forbidden(c rune) bool {
	return c <= 0x1f || c >= 0x7f && c <= 0x9f || c >= 0xd800 && c <= 0xf8ff || c >= 0xfff0
}

// above is the path up to the last slash: the parent's, with "" for the root. A path without a slash
// or with a NUL has none. This is all that ZooKeeper checks of a path before it looks for the parent.
func above(path string) (parent string, good bool) {
	slash := strings.LastIndexByte(path, '/')
	if slash < 0 || strings.IndexByte(path, 0) >= 0 {
		return "", false
	}
	return path[:slash], true
}

// parentOf is the parent's path of a valid path other than "/".
func parentOf(path string) string {
	if slash := strings.LastIndexByte(path, '/'); slash > 0 {
		return path[:slash]
	}
	return rootPath
}

// nameOf is the last part of a path.
func nameOf(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// sequenced completes the name of a sequential node with its parent's count of creations.
func sequenced(path string, created int32) string { return fmt.Sprintf("%s%010d", path, created) }
