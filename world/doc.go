// Package world is the contract between a system's code and the place it runs in.
//
// A node of a system, and a client, is a Process: a single-threaded state machine that is started,
// receives messages and has timers fire, and acts only through the Environment it is handed. Package
// world/sim runs processes in virtual time. The same code can run on real sockets and files.
//
// A map of the files: process.go (Process, Client, Environment, Connection, Disk: what code under
// test sees), system.go (System: what a system gives the harness), roll.go (Roll: who is to be a member), deployment.go (Deployment and User: how
// it runs in containers), world.go (World: what the harness asks of a world), fact.go (what a world of
// containers says of itself), passage.go (what became of a message), inspect.go (what a world that can be looked into shows).
package world
