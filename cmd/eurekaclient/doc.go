// Package eurekaclient is a client of Eureka for Go programs, by the rules of Eureka's Java client: it
// keeps instances registered, and keeps a list of who is, which answers for ever.
//
// The rules are those of apregistry.Client, the same state machine that simulations run. This package
// gives it sockets, a clock and a disk, and methods that any goroutine may call.
//
//	client, err := eurekaclient.Start(eurekaclient.Options{
//		Servers: []eurekaclient.Server{{URL: "http://10.0.0.2:8761/eureka", Zone: "west"}},
//	})
//	...
//	defer client.Close(ctx) // says DOWN and deregisters
//	err = client.Register(eurekawire.Instance{App: "ORDERS", InstanceID: "orders-1", HostName: "10.0.0.7", Status: eurekawire.Up})
//	for _, payments := range client.Up("PAYMENTS") { ... }
//
// A map of the files: client.go (the client), options.go (whom it asks, and when), instance.go (what
// Eureka requires of an instance).
package eurekaclient
