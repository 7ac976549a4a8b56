package eurekaclient_test

import (
	"context"
	"fmt"

	"cleave/cmd/eurekaclient"
	"cleave/systems/eurekawire"
)

// A client starts, and answers from its cache, whether there is a server or not.
func Example() {
	client, err := eurekaclient.Start(eurekaclient.Options{Servers: []eurekaclient.Server{{URL: "http://127.0.0.1:1/eureka"}}})
	if err != nil {
		panic(err)
	}
	err = client.Register(eurekawire.Instance{App: "ORDERS", InstanceID: "orders-1", HostName: "127.0.0.1"})
	fmt.Println(err, client.Up("PAYMENTS"), client.Listing().Known())
	_ = client.Close(context.Background())
	// Output: <nil> [] false
}
