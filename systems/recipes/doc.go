// Package recipes holds what people build on a store with znodes, sessions and watches, each written the way its recipe
// is published (ZooKeeper Recipes and Solutions; Curator where it has learned more), as an application that shares
// the session of a systems/zkclient client, on whatever serves that protocol: the CP store, in both worlds, and ZooKeeper.
//
//	c1 /election/c1.1-w-0000000000 ── leads
//	c2 /election/c2.1-w-0000000001 ──watches──▶ …0000
//	c3 /election/c3.1-w-0000000002 ──watches──▶ …0001
//
// What a client believes it notes the moment it begins or ceases to believe it: "holds" and "yields", with the name of
// what is held and how ("lock/a", "lock/b shared"). Whatever is held is let go when the connection is lost, and
// no later than the store may end the session, on the client's own clock. So two clients hold one thing at the same
// time only if somebody forgot that.
//
// The mistakes that people make with these recipes can be planted; bugs.go lists them.
//
// A map of the files:
//
//   - recipes.go (On: a system with the recipes besides; which workload has which), bugs.go (what can be planted)
//   - kit.go (what all recipes share: requests, notes, paths), task.go (a request from its invocation to its completion)
//   - contender.go (a place in a queue of numbered ephemeral nodes, of which the first holds what they contend for),
//     places.go (names of such nodes)
//   - election.go (leader election), locks.go (exclusive, shared and fenced locks), queue.go, barrier.go (double barriers),
//     consumers.go (partitions of a topic, balanced among the members of a group),
//     scheduler.go (the shards of a job, divided among its instances), foreman.go (by their leader),
//     config.go (copies of configurations), naming.go (unique names)
//   - directory.go (who is there, for those who want to know): group.go (the members of a group), dubbo.go (providers, in
//     Dubbo's layout); with kept.go (an ephemeral node, kept up) and view.go (a list, followed)
package recipes
