// Chat answers messages as nodes of Maelstrom do: a line of JSON each, a goroutine for each, and a timer.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"sync"
	"time"
)

type message struct {
	Source      string          `json:"src"`
	Destination string          `json:"dest"`
	Body        json.RawMessage `json:"body"`
}

type body struct {
	Type    string `json:"type"`
	ID      int    `json:"msg_id,omitempty"`
	ReplyTo int    `json:"in_reply_to,omitempty"`
	Message int    `json:"message,omitempty"`
}

var (
	lock sync.Mutex
	seen = map[int]bool{}
)

func main() {
	go func() {
		for range time.Tick(100 * time.Millisecond) {
			lock.Lock()
			_ = len(seen)
			lock.Unlock()
		}
	}()
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var m message
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			panic(err)
		}
		go handle(m)
	}
}

func handle(m message) {
	var b body
	if err := json.Unmarshal(m.Body, &b); err != nil {
		panic(err)
	}
	lock.Lock()
	defer lock.Unlock()
	seen[b.Message] = true
	raw, _ := json.Marshal(body{Type: b.Type + "_ok", ReplyTo: b.ID})
	line, _ := json.Marshal(message{m.Destination, m.Source, raw})
	os.Stdout.Write(append(line, '\n'))
}
