package ensemble

import (
	"io"
	"net"
	"strings"
	"time"
)

// Word sends a four-letter word to server i and gives its answer, "" if it has none.
func (e *Ensemble) Word(i int, word string) string {
	connection, err := net.DialTimeout("tcp", e.Address(i), time.Second)
	if err != nil {
		return ""
	}
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(2 * time.Second))
	if _, err := connection.Write([]byte(word)); err != nil {
		return ""
	}
	answer, _ := io.ReadAll(connection) // what came before an error is an answer too
	return string(answer)
}

// Mode is what server i says that it is: leader, follower, standalone, read-only, or "" if it does not
// serve.
func (e *Ensemble) Mode(i int) string {
	for line := range strings.Lines(e.Word(i, "srvr")) {
		if mode, found := strings.CutPrefix(strings.TrimSpace(line), "Mode: "); found {
			return mode
		}
	}
	return ""
}
