// Package image is any system of which there is a container image: a File says how its nodes are started, when they
// serve, who leads, what it promises, and how a client speaks to it. It runs in containers alone.
//
//	etcd.yaml ──Parse──▶ File ──Deployment──▶ a container per node: templates become arguments, variables, files
//	                                     ├──▶ Monitor: probes on the node's loopback address ──▶ ready, leads
//	                                     └──▶ User: an operation ──▶ one request ──▶ ok, fail or info
//
// A client speaks by a mapping of functions to requests over HTTP, by a program that reads and writes lines of JSON,
// by Maelstrom's messages over TCP, or as the clients of ZooKeeper and Eureka that there are already. What is not
// said is taken for the worse: an answer that no rule is about is of unknown outcome, and a client asks the node
// beside it alone. Only an operation of which nothing went out fails for certain without an answer.
//
// A map of the files:
//
//   - file.go (File and its parts, whose tags are the syntax), decode.go (Parse: strictly, with line and column),
//     validate.go (what goes together), schema.go (Schema), templates.go (texts with a node's or an operation's data)
//   - system.go (Deployment, containers), probe.go (following a node)
//   - user.go (a client: whom it asks, for how long), http.go (requests), sample.go (some of them, to be looked at), answer.go (what answers mean),
//     program.go (a client of somebody's own), group_unix.go and group_other.go (its
//     processes), maelstrom.go (lin-kv over TCP), zookeeper.go (ZooKeeper's client)
package image
