// Package register is the register of docs/tutorial.md: a value for each key, kept by all nodes, of which a majority is asked
// (Attiya, Bar-Noy and Dolev, "Sharing memory robustly in message-passing systems", JACM 1995).
//
//	client --write x 7--> n1 --who has what?--> all     a majority answers: version 4 is the newest
//	                      n1 --keep 7, version 5--> all     a majority has it on disk
//	client <---- done --- n1
//
// A read is the same, but keeps what is the newest already: so nobody after it reads anything older. The register has no
// compare-and-set, which takes more than this. NewLocal and NewHasty are the first two versions of the tutorial, with their bugs.
//
// A map of the files: node.go (nodes among themselves), serve.go (what a client asks for), read.go (reading, which is the hard part), bugs.go (the
// versions before), client.go (the clients' side).
package register
