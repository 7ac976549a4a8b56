// Command zkbench measures servers that speak ZooKeeper's protocol side by side: an ensemble of this
// project's nodes and one of Debian's ZooKeeper, both up during the whole run, each driven in turn by
// the same clients with the same requests of 1 kB. It prints a Markdown table.
//
//	zkbench -binary bin/cleave -size 3 -clients 1,10,100 -seconds 5
//
// A map of the files: main.go (flags and table), load.go (what clients do), client.go (one connection).
package main
