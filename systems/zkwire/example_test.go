package zkwire_test

import (
	"fmt"

	"cleave/systems/zkwire"
)

// A client asks for the data of /a, the server answers.
func Example() {
	request := zkwire.Request{Xid: 7, Op: zkwire.OpGetData, Path: "/a"}
	payload := request.Append(nil)
	fmt.Printf("%x\n", payload)

	asked, err := zkwire.DecodeRequest(payload)
	fmt.Println(asked.Op == zkwire.OpGetData, asked.Path, err)

	reply := zkwire.Reply{Xid: asked.Xid, Zxid: 0x100000002, Code: zkwire.NoNode}
	answered, err := zkwire.DecodeReply(reply.Append(nil, asked.Op), zkwire.OpGetData)
	fmt.Println(answered.Xid, answered.Code, err)
	// Output:
	// 0000000700000004000000022f6100
	// true /a <nil>
	// 7 noNode <nil>
}
