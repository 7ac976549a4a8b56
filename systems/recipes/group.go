package recipes

import "cleave/systems/zkclient"

// newGroup is group membership (ZooKeeper Recipes, "Group Membership"): a member is an ephemeral node below the group's, and
// whoever wants to know the members keeps a view of them.
//
//	/group ── c1  c2  c3     c1 sees c1 c2 c3 until an event says otherwise, or its connection is back
func newGroup(k *kit) zkclient.Application {
	return &directory{kit: k, layout: layout{list: path, node: path, id: func(key, child string) string { return key + "/" + child }}}
}
