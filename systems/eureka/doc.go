// Package eureka is the real Eureka server as a system under test, in containers alone: as Spring Cloud makes
// it, and Netflix's own web application. Its clients are those of the AP registry, over HTTP, so the same
// workloads and promises are put to both.
//
//	c1 (beside n1) ──register, heartbeat, fetch──▶ n1 ◀──batches──▶ n2, n3     http://n2:8761/eureka/
//	Monitor ──its dashboard, on its own loopback──▶ n1                         "self-preservation entered ..."
//
// Every time of a server is divided by the plan's scale, as those of the AP registry are:
//
//	what                                     how it is said                     at 1     at 30
//	renewal, lease                           by the client, in whole seconds    30, 90 s 1, 3 s
//	eviction, response cache, deltas, sync   settings, in milliseconds          60 s ... 2 s ...
//	recount of expected clients              a setting, in milliseconds         15 min   30 s
//	the server's own fetch from its peers    a setting, in whole seconds        30 s     1 s
//	the minute of "renews (last min)"        cleave.renewsBucketMs              60 s     2 s
//
// The last has no setting in Eureka; the images' main replaces the one counter. What is expected of a
// client, two heartbeats in it, is thus what it is in production, and so is the threshold: 85 % of that.
// A time of whole seconds is rounded up. What cannot be said at all stays: 500 ms until a batch goes, 100 ms
// and 1 s until it is repeated. Time-outs of the network are not divided, because it does not become faster.
//
// Servers do not register themselves: as in the AP registry, every instance is one that a client has made, and
// counts are of them. On the dashboard their peers are therefore "unavailable-replicas", which means just that.
// They fetch from each other, for the sync at boot and the recount.
//
// Spring's server answers while it still syncs at its boot, and never expects heartbeats of who registers then
// (until its recount); it is ready only after that. Netflix's does not listen before, but with nobody synced
// it refuses lists for 5 minutes, and expects nobody until the recount.
//
// A dashboard shows the threshold but not the number of expected clients that it comes from: the note of
// self-preservation says the number that has this threshold. Evictions are not noted: nothing that a server
// says over HTTP tells them from cancels.
//
// A map of the files:
//
//   - flavour.go (the two Eurekas: images, paths), system.go (System, and its times)
//   - settings.go (a node's command and settings), lease.go (Leased: what the client says of its leases)
//   - dashboard.go (figures from a page), monitor.go (following a node)
package eureka
