package znodes_test

import (
	"fmt"

	"cleave/systems/zkwire"
	"cleave/systems/znodes"
)

// A session is opened, creates a znode, and somebody who watched for it hears of that.
func ExampleState() {
	state, watches := znodes.New(znodes.Options{}), znodes.NewWatches("")
	session := state.Apply(1, &znodes.Command{Kind: znodes.CommandOpen}).Session
	watches.Add(1, "/a", znodes.WatchExist)

	everybody := []zkwire.ACL{{Perms: zkwire.PermAll, Identity: zkwire.Identity{Scheme: "world", ID: "anyone"}}}
	create := zkwire.Request{Op: zkwire.OpCreate, Path: "/a", Data: []byte("1"), ACL: everybody}
	result := state.Apply(1, &znodes.Command{Kind: znodes.CommandWrite, Session: session.ID, Attachment: 1, Request: create.Append(nil)})
	for i := range result.Changes {
		watches.Trigger(&result.Changes[i], func(owner uint64, event zkwire.Event, _ []zkwire.ACL) {
			fmt.Println(owner, event.Type == zkwire.EventCreated, event.Path)
		})
	}
	read := state.Read(&zkwire.Request{Op: zkwire.OpGetData, Path: "/a"}, nil, session.ID)
	fmt.Printf("%s %#x\n", read.Data, read.Stat.Czxid)
	// Output:
	// 1 true /a
	// 1 0x100000002
}
