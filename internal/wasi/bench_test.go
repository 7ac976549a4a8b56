package wasi

import (
	"fmt"
	"testing"
	"time"

	"cleave/world"
)

// BenchmarkMessage is what a message costs that a node in Go reads and answers, both in JSON, with a timer of
// ten times a second besides. Nearly all of it is the node's own.
func BenchmarkMessage(b *testing.B) {
	answers := 0
	m := boots(b, 1, guestProgram(b, "chat"), Options{}, func(i *Instance, _ world.Environment) {
		i.options.Output = func([]byte) { answers++ }
	})
	m.until(0)
	messages := 0
	for b.Loop() {
		messages++
		m.now.now.Input(fmt.Appendf(nil, `{"src":"c1","dest":"n1","body":{"type":"broadcast","msg_id":%d,"message":%d}}`, messages, messages))
		m.until(time.Duration(messages) * time.Millisecond)
	}
	m.now.now.Stop()
	if answers != messages {
		b.Fatalf("%d answers to %d messages", answers, messages)
	}
}

// BenchmarkStart is what an instance costs that begins, waits and is stopped.
func BenchmarkStart(b *testing.B) {
	program := guestProgram(b, "chat")
	for b.Loop() {
		m := boots(b, 1, program, Options{}, nil)
		m.until(0)
		m.now.now.Stop()
	}
}
