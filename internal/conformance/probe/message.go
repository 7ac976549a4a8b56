package probe

import (
	"strconv"
	"strings"

	"cleave/internal/rng"
)

// message is what is sent on a connection: "<verb> <id> <text>".
type message struct {
	verb string // a history.Function from a client; yes or no to it; ping or pong between nodes
	id   uint64
	text string
}

// The verbs that are not a client's.
const (
	yes  = "yes"
	no   = "no"
	ping = "ping"
	pong = "pong"
)

func (m message) encode() []byte {
	return []byte(m.verb + " " + strconv.FormatUint(m.id, 10) + " " + m.text)
}

func decode(data []byte) (m message, good bool) {
	verb, rest, _ := strings.Cut(string(data), " ")
	number, text, spaced := strings.Cut(rest, " ")
	id, err := strconv.ParseUint(number, 10, 64)
	return message{verb, id, text}, spaced && err == nil
}

// filler is what a ping carries besides its number, so that damage shows.
func filler(number uint64, size int) string {
	letters := make([]byte, size)
	random := rng.New(number)
	for i := range letters {
		letters[i] = 'a' + byte(random.Uint64()%26)
	}
	return string(letters)
}
