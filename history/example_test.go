package history_test

import (
	"fmt"
	"os"

	"cleave/history"
)

// A write and a read, recorded as they happen and joined to operations.
func Example() {
	recorder := history.NewRecorder(os.Stdout)
	recorder.Append(history.Event{Type: history.Invoke, Time: 1e9, Process: 1, Client: "c1", Function: history.Write, Key: "x", Value: history.Integer(7)})
	recorder.Append(history.Event{Type: history.Info, Time: 2e9, Process: 1, Client: "c1", Function: history.Write, Key: "x", Error: "timeout"})
	recorder.Append(history.Event{Type: history.Invoke, Time: 3e9, Process: 2, Client: "c1", Function: history.Read, Key: "x"})
	recorder.Append(history.Event{Type: history.Ok, Time: 4e9, Process: 2, Client: "c1", Function: history.Read, Key: "x",
		Value: history.Integer(7), Node: "n1"})
	h, err := recorder.History()
	if err != nil {
		panic(err)
	}
	for _, operation := range h.Operations {
		fmt.Println(operation)
	}
	// Output:
	// {"index":0,"time":1000000000,"type":"invoke","process":1,"client":"c1","f":"write","key":"x","value":7}
	// {"index":1,"time":2000000000,"type":"info","process":1,"client":"c1","f":"write","key":"x","value":null,"error":"timeout"}
	// {"index":2,"time":3000000000,"type":"invoke","process":2,"client":"c1","f":"read","key":"x","value":null}
	// {"index":3,"time":4000000000,"type":"ok","process":2,"client":"c1","f":"read","key":"x","value":7,"node":"n1"}
	// #0 c1 write x 7 [1.000s, ?] info (timeout)
	// #2 c1 read x [3.000s, 4.000s] ok 7
}
