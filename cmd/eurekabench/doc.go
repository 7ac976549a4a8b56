// Command eurekabench measures one node of the AP registry as a process of this machine: what 10,000
// instances with their heartbeats cost it in processor time and memory, how long the whole list and a delta
// take in JSON, packed JSON and XML, and how many heartbeats a second it takes at most.
//
// A map of the files: main.go (flags, the measurements in their order), server.go (the process and what it
// has used), load.go (registrations and heartbeats over plain sockets), fetch.go (lists).
package main
