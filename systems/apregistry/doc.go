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
// There are three profiles. Netflix and Spring have Eureka's rules, quirks included; Plain has those of a
// textbook, so that it can be measured what each quirk costs:
//
//	rule                      Netflix                          Spring              Plain
//	a renewed lease lasts     twice its duration               as Netflix          once
//	leases are measured on    the wall clock                   as Netflix          the monotonic clock
//	nobody is evicted unless  heartbeats of the last bucket    as Netflix          instances heard within half their lease
//	                          > 85 % of what is expected                           >= 85 % of the registered, or all but one
//	in the first bucket       nobody is                        as Netflix          no difference
//	expected are              those synced at boot, +1 -1 from as Netflix, but     those registered, counted at each run
//	                          1 on; recounted every 15 min     1 with nobody synced
//	after a mass loss         for ever nobody                  as Netflix          for a lease more if every peer answers
//	one run evicts            15 % at most, at random          as Netflix          all that have ended
//	lists after a boot with   refused for 5 min                given: 1 is         as Netflix
//	nobody synced                                              expected
//	tries to sync at boot     5                                5; without peers 0  5
//	a cancel                  leaves nothing: lost if it is    as Netflix          is remembered for an hour, and outlives
//	                          not delivered in 30 s                                copies of before it
//	peers agree by            heartbeats of the living         as Netflix          exchanging every 30 s what either misses,
//	                                                                               at third hand too
//	clients fetch             what changed; the counts of each as Netflix          the whole list, and an empty one does not
//	                          status must agree                                    take the place of theirs
//	overrides and metadata    keep the owner's stamp           as Netflix          are news, one nanosecond later; a later
//	                                                                               copy brings its own
//
// In Plain a cut is told from deaths thus: it is noticed at half a lease, before the first lease ends; and a
// node that has lost a peer keeps whoever is missing, few for 15 minutes, many for as long as the peer
// does not answer. A node without peers, which nobody can tell, keeps many for 15 minutes.
//
// Where Netflix and Spring differ from Eureka, and why:
//   - In simulation lastDirtyTimestamp is in nanoseconds of the client's wall clock, its lowest bits
//     being the client's number, so that two clients never stamp alike; Eureka counts milliseconds, and
//     on a tie each node keeps what came last. Over REST it is whole milliseconds here too.
//   - A node that boots for the first time on its disk opens at once. By Eureka's rules a cluster
//     that is all new would try to sync for two minutes and then refuse lists for five. The mark of
//     the first boot is all that is ever on the disk; Options.SyncOnFirstBoot turns this off.
//   - How long lists are refused after a boot with nobody synced is measured on the monotonic clock. By the wall
//     clock, as Eureka has it, a clock that is set back has them refused for as much longer.
//   - While a node syncs at boot it answers 503 to everything, where Eureka does not listen yet.
//   - Replication sends one batch at a time to each peer, where Eureka has 20 workers, and measures
//     its delays on the monotonic clock. Leases are measured on the wall clock, as Eureka's. A task that is
//     replaced by a newer one passes on the time it has waited: in Eureka's queue an instance that is heard
//     from more often than twice a second would hold up everybody. A batch is bounded in bytes too.
//   - The recount of the expected clients counts the node's own registry, where Eureka counts what
//     its embedded client fetched last.
//   - An address that nobody has is not found, where Eureka gives an empty list.
//   - A registry that is full (Options.MaxInstances) refuses new instances.
//   - A client's first heartbeat and fetch come at a random moment of the interval, and the next an
//     interval after the beginning of the last, where Eureka counts from its end.
//   - A client avoids a failed server for a minute and then prefers it again, and does so for registrations if
//     it failed to give lists. Eureka's keeps account of the two apart, avoids it until two thirds of the servers
//     have failed, and goes back to the preferred when its session of about 20 minutes ends.
//   - A key of the register workload keeps its stamp when its instance is registered again, because that
//     is no new write; every other instance gets a new one, as in Eureka.
//
// Whoever serves the registry over another protocol, such as Eureka's REST interface, speaks to it with
// Request and Response: their messages are those that processes exchange.
//
// A map of the files. The server: options.go (every interval), profile.go (Netflix, Spring, Plain),
// system.go (System), bugs.go (the planted bugs), instance.go (what is registered), lease.go,
// registry.go (register, renew, cancel), eviction.go, preservation.go (self-preservation), override.go
// (overridden statuses), tombstone.go (cancels that are remembered), responsecache.go (the lists that
// readers get), delta.go (what changed lately), replication.go (the queue to a peer), members.go (who is a peer), peer.go (sending
// it), exchange.go (anti-entropy), node.go (the server), boot.go (its start), serve.go (its answers),
// duties.go (what it does by itself), figures.go (what it knows of itself). Messages: message.go
// (requests and responses), codec.go, codecmore.go and decoder.go (their bytes), facade.go (the same for
// other packages), outbox.go (where they are written), caller.go (requests over a connection). The client: client.go (Client),
// clientoptions.go, claim.go (what it keeps registered), repeat.go (heartbeats and fetches, backing off),
// question.go (one request to several servers), fetch.go (full lists and deltas), cache.go, cachefile.go,
// listing.go (what its owner sees of the cache), user.go (a client that does what workloads ask),
// operation.go and operator.go (each of their requests), outcome.go (what errors mean). describe.go (the
// phases of a node and the names of messages, for the coverage of many runs).
package apregistry
