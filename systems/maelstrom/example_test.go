package maelstrom_test

import (
	"encoding/json"
	"fmt"
	"time"

	"cleave/history"
	"cleave/systems/maelstrom"
	"cleave/world"
	"cleave/world/sim"
)

// parrot is a program in Go that answers every call with what it was sent. One in any other language is a file.
type parrot struct{ streams maelstrom.Streams }

func (parrot) New(_ string, streams maelstrom.Streams) maelstrom.Instance { return parrot{streams} }
func (parrot) Start(world.Environment)                                    {}
func (parrot) Stop()                                                      {}

func (p parrot) Input(line []byte) {
	message, err := maelstrom.ParseMessage(line)
	if err != nil {
		panic(err)
	}
	var body map[string]any
	if err := json.Unmarshal(message.Body, &body); err != nil {
		panic(err)
	}
	body["type"], body["in_reply_to"] = fmt.Sprint(body["type"], "_ok"), body["msg_id"]
	answer, _ := json.Marshal(body)
	p.streams.Output(maelstrom.Message{Source: message.Destination, Destination: message.Source, Body: answer}.Line())
}

func Example() {
	system := maelstrom.Equip(world.System{Name: "parrot"}, maelstrom.Options{Program: parrot{}, Workload: "echo"})
	w := sim.New(sim.DefaultOptions(1))
	err := w.Populate(system, world.Cluster{Nodes: []string{"n1"}}, []history.Placement{{Client: "c1", Host: "n1"}})
	w.At(history.Time(time.Second), func() {
		w.Invoke("c1", history.Request{Function: history.Echo, Value: history.Text("hello")}, func(c history.Completion) {
			fmt.Println(c.Outcome, c.Value, "from", c.Node)
		})
	})
	fmt.Println(err, w.Run(history.Time(2*time.Second)))
	// Output:
	// ok hello from n1
	// <nil> <nil>
}
