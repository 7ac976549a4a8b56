// Package zkwire is ZooKeeper's client protocol, version 3.8, as Go values: what goes over a
// connection to port 2181, without the connection.
//
// A frame is a length (4 bytes, big-endian) and a payload. The world does the framing; this package
// reads and writes payloads. The first payload of a connection is a ConnectRequest, answered by a
// ConnectResponse; after it come Requests, answered by Replies in order, and Events between them.
//
// Numbers are big-endian, a buffer or string has its length before it, -1 for null. Source: the
// jute definitions of release 3.8.0 (zookeeper.jute), and captures from its server.
//
// A map of the files: op.go (operations), code.go (error codes), types.go (ACL, Stat, requests and
// replies), reader.go and writer.go (primitives), connect.go, request.go, reply.go, multi.go and
// event.go (the messages as bytes), error.go (what is wrong with bytes).
package zkwire
