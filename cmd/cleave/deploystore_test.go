package main

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-zookeeper/zk"
	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/systems/cpstore"
	"cleave/systems/recipes"
	"cleave/world"
)

// The zoo.cfg in a container gives a node exactly the times that it has in simulation.
func TestStoreInContainersAsInSimulation(t *testing.T) {
	places := world.Places{Cluster: world.Cluster{Nodes: []string{"n1", "n2", "n3"}}, Addresses: map[string]netip.Addr{
		"n1": netip.MustParseAddr("10.64.0.1"), "n2": netip.MustParseAddr("10.64.0.2"), "n3": netip.MustParseAddr("10.64.0.3")}}
	for _, strict := range []bool{false, true} {
		want := cpstore.DefaultOptions()
		want.StrictSync = strict
		container := deployStore(want).Node("n2", places)
		require.Equal(t, "/data/myid", container.Files[1].Path)
		require.Equal(t, "2\n", string(container.Files[1].Content))
		require.Equal(t, rollFile, container.Files[2].Path)
		require.Equal(t, `{"out":[],"renewed":[]}`, string(container.Files[2].Content))
		config, warnings, err := cpstore.ParseConfig("zoo.cfg", container.Files[0].Content)
		require.NoError(t, err)
		require.Empty(t, warnings)
		got := config.Options(2)
		require.Equal(t, []string{"*"}, got.Words)
		require.Contains(t, string(got.Membership), "server.3=10.64.0.3:2888:0:participant\n")
		want.BootPatience = want.ElectionBase
		// What is no time: words, texts, and a bound on the log that no run reaches. A session's default is a client's to ask for.
		got.Words, got.Membership, got.Configuration, got.SnapshotBytes, got.SessionTimeout = nil, nil, "", 0, want.SessionTimeout
		got.CleanEvery = want.CleanEvery // which is the default
		require.Equal(t, want, got)
		address, port := config.ClientListen(2)
		require.Equal(t, "10.64.0.2", address)
		require.Equal(t, 2181, port)
	}
}

// Three nodes from the files of their containers serve every function of the workloads.
func TestStoreDeployment(t *testing.T) {
	d := deploy(t, deployStore(cpstore.DefaultOptions()), 3, "")
	for _, name := range d.places.Nodes {
		d.await(t, name+" ready", 1)
		d.await(t, name+" note start term", 1)
	}
	c1, c2 := d.user(t, "c1", "n1"), d.user(t, "c2", "n2")
	t.Run("register", func(t *testing.T) { storeRegister(t, c1, c2) })
	t.Run("discovery", func(t *testing.T) { storeDiscovery(t, c1, c2) })
	t.Run("watches", func(t *testing.T) { storeWatches(t, d, c1, c2) })
	t.Run("sessions", func(t *testing.T) { storeSessions(t, c1, c2) })
	t.Run("sequences and multi", func(t *testing.T) { storeSequences(t, c1) })
	t.Run("clock", func(t *testing.T) { storeClock(t, d) })
	t.Run("leader killed", func(t *testing.T) { storeLeaderKilled(t, d, c1) })
	t.Run("all killed", func(t *testing.T) { storeAllKilled(t, d, c2) })
}

func storeRegister(t *testing.T, c1, c2 world.User) {
	does(t, c1, history.Write, "x", history.Integer(1))
	does(t, c2, history.Home, "", history.Nothing)
	require.Equal(t, history.Integer(1), does(t, c2, history.QuorumRead, "x", history.Nothing).Value)
	require.Equal(t, history.Integer(1), does(t, c2, history.SyncRead, "x", history.Nothing).Value)
	require.Equal(t, "n1", does(t, c1, history.Read, "x", history.Nothing).Node)
	does(t, c2, history.CAS, "x", history.List(history.Integer(1), history.Integer(2)))
	refused := ask(t, c1, history.CAS, "x", history.List(history.Integer(1), history.Integer(3)))
	require.Equal(t, history.Fail, refused.Outcome)
	shows(t, c1, history.QuorumRead, "x", history.Integer(2))
	does(t, c1, history.Remove, "x", history.Nothing)
	shows(t, c2, history.QuorumRead, "x", history.Nothing)
}

func storeDiscovery(t *testing.T, c1, c2 world.User) {
	does(t, c1, history.Register, "web/c1#1", history.Nothing)
	does(t, c2, history.Register, "web/c2#1", history.Nothing)
	shows(t, c1, history.Lookup, "web", history.Texts([]string{"web/c1#1", "web/c2#1"}))
	does(t, c2, history.Deregister, "web/c2#1", history.Nothing)
	shows(t, c1, history.Lookup, "web", history.Texts([]string{"web/c1#1"}))
	does(t, c1, history.Die, "web/c1#1", history.Nothing)
	shows(t, c2, history.Lookup, "web", history.List())
}

func storeWatches(t *testing.T, d *deployed, c1, c2 world.User) {
	does(t, c2, history.Write, "watched/a", history.Integer(1))
	shows(t, c1, history.SyncRead, "watched/a", history.Integer(1))
	for kind, key := range map[string]string{"data": "watched/a", "exist": "watched/b", "children": "watched",
		"persistent": "watched/c", "recursive": "watched"} {
		does(t, c1, history.Watch, key, history.Text(kind))
	}
	does(t, c1, history.Stat, "watched/a", history.Nothing)
	does(t, c2, history.Write, "watched/a", history.Integer(2))
	does(t, c2, history.Write, "watched/b", history.Integer(3))
	d.await(t, "c1 note event ", 3)
	require.Positive(t, d.count("c1 note connected n1 session 0x"))
}

func storeSessions(t *testing.T, c1, c2 world.User) {
	session := does(t, c1, history.Own, "owned/c1-1", history.Nothing).Value
	shows(t, c2, history.Owners, "owned", history.List(history.List(history.Text("c1-1"), session)))
	require.Equal(t, session, does(t, c1, history.Close, "owned", history.Nothing).Value)
	shows(t, c2, history.Owners, "owned", history.List())
}

func storeSequences(t *testing.T, c1 world.User) {
	first := does(t, c1, history.CreateSequential, "queue", history.Nothing).Value
	require.NotEqual(t, first, does(t, c1, history.CreateSequential, "queue", history.Nothing).Value)
	does(t, c1, history.MultiWrite, "p", history.Integer(1))
	require.Equal(t, history.Fail, ask(t, c1, history.MultiFail, "p", history.Integer(2)).Outcome)
	require.Equal(t, history.List(history.Integer(1), history.Integer(1)), does(t, c1, history.Pair, "p", history.Nothing).Value)
	require.Equal(t, history.Fail, ask(t, c1, history.Check, "p", history.Nothing).Outcome)
}

// leader is the node that was last said to lead.
func (d *deployed) leader() (name string) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	for _, line := range d.heard {
		if node, found := strings.CutSuffix(line, " leads true"); found {
			name = node
		}
	}
	return name
}

// storeClock moves the leader's clock, which stamps what is made.
func storeClock(t *testing.T, d *deployed) {
	leader := d.leader()
	d.setsItsClock(t, leader, -5*time.Hour)
	defer d.setsItsClock(t, leader, 0)
	connection, _ := connectZK(t, []string{at(d.places, leader, storePort)}, 5*time.Second)
	_, err := connection.Create("/stamped", nil, 0, zk.WorldACL(zk.PermAll))
	require.NoError(t, err)
	_, stat, err := connection.Get("/stamped")
	require.NoError(t, err)
	require.InDelta(t, -5*time.Hour.Seconds(), time.Until(time.UnixMilli(stat.Ctime)).Seconds(), 30)
	connection.Close()
}

// storeLeaderKilled kills the leader: another leads, the same client goes on, and who was killed is followed
// again when he has come back.
func storeLeaderKilled(t *testing.T, d *deployed, c1 world.User) {
	leader := d.leader()
	d.kill(t, leader)
	until(t, func() bool { return d.leader() != leader }, "another leader than %s", leader)
	d.await(t, leader+" leads false", 1)
	until(t, func() bool { return ask(t, c1, history.Write, "x", history.Integer(9)).Outcome == history.Ok }, "a write")
	d.start(t, leader)
	d.await(t, leader+" ready", 2)
	d.await(t, leader+" note start term", 2)
}

// storeAllKilled has a request end with nobody there, and what was acknowledged be there afterwards.
func storeAllKilled(t *testing.T, d *deployed, c2 world.User) {
	for _, name := range d.places.Nodes {
		d.kill(t, name)
	}
	ended := ask(t, c2, history.Write, "y", history.Integer(1))
	require.NotEqual(t, history.Ok, ended.Outcome)
	require.NotEmpty(t, ended.Error)
	for _, name := range d.places.Nodes {
		d.start(t, name)
	}
	shows(t, c2, history.QuorumRead, "x", history.Integer(9))
	require.NoError(t, c2.Close())
	require.Equal(t, "the client has ended: it was closed", ask(t, c2, history.Read, "x", history.Nothing).Error)
}

// A planted bug comes with the command, and does its damage: every node dies that applies a lone check.
func TestStoreDeploymentWithABug(t *testing.T) {
	d := deploy(t, deployStore(cpstore.DefaultOptions()), 1, cpstore.BugLoneCheck)
	d.await(t, "n1 ready", 1)
	c1 := d.user(t, "c1", "n1")
	does(t, c1, history.Write, "x", history.Integer(1))
	require.NotEqual(t, history.Ok, ask(t, c1, history.Check, "x", history.Nothing).Outcome)
	d.await(t, "n1 note panic ", 1)
	require.Error(t, d.running["n1"].Wait())
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	require.Error(t, d.deployment.Clock(ctx, d.inside("n1"), time.Second), "it is gone")
}

// A mistake of a recipe is its clients'; nodes, which know of none, are not told of it.
func TestStoreDeploymentWithARecipesBug(t *testing.T) {
	deployment := deployStore(cpstore.DefaultOptions())
	for bug, told := range map[string]bool{cpstore.BugLoneCheck: true, recipes.BugKeepsLock: false, "": false} {
		places := world.Places{Cluster: world.Cluster{Nodes: []string{"n1"}, Bug: bug},
			Addresses: map[string]netip.Addr{"n1": netip.MustParseAddr("10.64.0.1")}}
		require.Equal(t, told, slices.Contains(deployment.Node("n1", places).Command, "--bug"), bug)
	}
}

func TestNodeFlags(t *testing.T) {
	file, _ := zooCfg(t, "clientPort=9")
	code, _, stderr := cleave("node", "--config", file, "--check", "--bug", "no-such")
	require.Equal(t, exitUsage, code)
	require.Equal(t, "cleave: --bug: cpstore has no bug \"no-such\"\n", stderr)
	for _, admin := range []string{"7979", ":7979", "127.0.0.1:7979", "10.0.0.1:7979", "[::1]:7979"} {
		code, _, stderr = cleave("node", "--config", file, "--check", "--admin", admin, "--bug", "zk-2623")
		require.Zero(t, code, stderr)
	}
	for _, admin := range []string{"x", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000", "name:7979"} {
		code, _, stderr = cleave("node", "--config", file, "--check", "--admin", admin)
		require.Equal(t, exitUsage, code)
		require.Contains(t, stderr, "--admin: an address and a port are wanted")
	}
	options := nodeOptions{admin: ":7979"}
	require.NoError(t, options.readAdmin())
	require.Equal(t, adminAddress, options.admin)
}
