package zkclient

import (
	"fmt"
	"time"

	"cleave/history"
	"cleave/world"
	"cleave/world/sim"
)

// A client beside a small server that the tests have; cpstore's would do as well.
func ExampleNew() {
	w, n1 := sim.New(sim.DefaultOptions(1)), &server{store: newStore()}
	w.OnNote(func(note history.Note) { fmt.Println(note.Node, note.Kind, note.Detail) })
	w.AddNode("n1", func() world.Process { return n1 })
	w.AddClient("c1", "n1", New(Options{}, "n1", []string{"n1"}))
	_ = w.Run(history.Time(time.Second))
	ask := func(f history.Function, value history.Value) {
		w.Invoke("c1", history.Request{Function: f, Key: "x", Value: value}, func(c history.Completion) { fmt.Println(f, c.Outcome, c.Value) })
		_ = w.Run(w.Now() + history.Time(time.Second))
	}
	ask(history.Watch, history.Text("exist"))
	ask(history.Write, history.Integer(7))
	ask(history.Read, history.Nothing)
	// Output:
	// c1 connected n1 session 0x9000000000000001
	// watch ok [0 nil]
	// c1 event created /x
	// write ok nil
	// read ok 7
}
