package wasi

import (
	"fmt"
	"strings"
	"testing"
	"os"

	"cleave/world"
	"cleave/world/sim"
)

// BenchmarkMessages is what a message costs a node in Go that reads it and answers it as JSON.
func BenchmarkMessages(b *testing.B) {
	program := guestProgram(b, "chat")
	p := &process{program: program, script: new([]string)}
	w := sim.New(sim.DefaultOptions(1))
	w.AddNode("n1", func() world.Process { return p })
	answers := 0
	p.options.Environment = strings.Fields(os.Getenv("GUESTENV"))
	w.Run(0)
	p.now.options.Output = func([]byte) { answers++ }
	p.now.options.Log = func(line []byte) { b.Log(string(line)) }
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n++
		p.now.Input(fmt.Appendf(nil, `{"src":"c1","dest":"n1","body":{"type":"broadcast","msg_id":%d,"message":%d}}`, n, n))
		if n%100==0 { w.Run(w.Now()+1e9) }
	}
	b.StopTimer()
	if answers != n {
		b.Fatal(answers, n)
	}
	p.now.Stop()
}

// BenchmarkStart is what an instance costs that begins, answers once and is stopped.
func BenchmarkStart(b *testing.B) {
	program := guestProgram(b, "chat")
	b.ReportAllocs()
	for b.Loop() {
		p := &process{program: program, script: new([]string)}
		w := sim.New(sim.DefaultOptions(1))
		w.AddNode("n1", func() world.Process { return p })
		w.Run(0)
		p.now.Input([]byte(`{"src":"c1","dest":"n1","body":{"type":"broadcast","msg_id":1,"message":1}}`))
		p.now.Stop()
	}
}
