// Package apregistry is the AP reference system: a service registry by the rules of Netflix's Eureka
// (as of 2020 and later), on the contract of package world.
//
// Every node takes registrations, heartbeats and reads by itself and tells every other node of them
// afterwards, in batches. There is no leader and no quorum: any one node serves. Copies differ until
// replication, or the next heartbeat, has made them equal; the copy with the greater
// lastDirtyTimestamp wins. Dead instances go when their lease has ended, unless so many heartbeats
// are missing that the node takes it for a network fault and keeps everybody (self-preservation).
//
//	client --register, heartbeat--> n1 --batch--> n2      a heartbeat that n2 does not know: 404, n1 registers it there
//	                                 \---batch--> n3      n3 has a newer copy: 409, n1 adopts it
//
// Where it differs from Eureka, and why:
//   - lastDirtyTimestamp is in nanoseconds of the client's wall clock, its lowest bits being the
//     client's number, so that two clients never stamp alike; Eureka counts milliseconds, and on a
//     tie each node keeps what came last.
//   - A node that boots for the first time on its disk opens at once. By Eureka's rules a cluster
//     that is all new would try to sync for two minutes and then refuse lists for five. The mark of
//     the first boot is all that is ever on the disk; Options.SyncOnFirstBoot turns this off.
//   - While a node syncs at boot it answers 503 to everything, where Eureka does not listen yet.
//   - Replication sends one batch at a time to each peer, where Eureka has 20 workers, and measures
//     its delays on the monotonic clock. Leases are measured on the wall clock, as Eureka's.
//   - The recount of the expected clients counts the node's own registry, where Eureka counts what
//     its embedded client fetched last.
//
// A map of the files: options.go (every interval), system.go (System, the planted bugs), instance.go
// (what is registered), lease.go, registry.go (register, renew, cancel), eviction.go, preservation.go
// (self-preservation), override.go (overridden statuses), responsecache.go (the lists that readers
// get), message.go (requests and responses), codec.go (their bytes), caller.go (requests over a
// connection), replication.go (the queue to a peer), peer.go (sending it), node.go (the server),
// boot.go (its start), client.go (the client), operation.go (what workloads ask of it), question.go (one request to several servers),
// claim.go (what the client keeps registered), outcome.go (what errors mean), fetch.go (its cache).
package apregistry
