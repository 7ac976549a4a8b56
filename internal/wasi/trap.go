package wasi

import "strings"

// trapOf says in one line what a program ran into, and in which function.
func trapOf(err error) string {
	lines := strings.Split(err.Error(), "\n")
	reason := "trapped: " + strings.TrimPrefix(lines[0], "wasm error: ")
	for at, line := range lines {
		if strings.HasPrefix(line, "wasm stack trace:") && at+1 < len(lines) {
			return reason + " in " + strings.TrimSpace(lines[at+1])
		}
	}
	return reason
}
