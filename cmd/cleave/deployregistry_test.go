package main

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/systems/apregistry"
	"cleave/world"
)

// The configuration in a container gives a node exactly the options that it has in simulation.
func TestRegistryInContainersAsInSimulation(t *testing.T) {
	places := world.Places{Cluster: world.Cluster{Nodes: []string{"n1", "n2", "n3"}}, Addresses: map[string]netip.Addr{
		"n1": netip.MustParseAddr("10.64.0.1"), "n2": netip.MustParseAddr("10.64.0.2"), "n3": netip.MustParseAddr("10.64.0.3")}}
	for _, profile := range []apregistry.Profile{apregistry.Netflix, apregistry.Spring, apregistry.Plain} {
		for _, scale := range []int{1, 30, 1000} {
			want := apregistry.ProfileOptions(profile).Scaled(scale)
			container := deployRegistry(want).Node("n2", places)
			config, err := parseRegistry("registry.yaml", container.Files[0].Content)
			require.NoError(t, err)
			require.Equal(t, "n2", config.name)
			require.Equal(t, "10.64.0.2:8761", config.listen)
			require.Equal(t, []registryPeer{{"n1", "http://10.64.0.1:8761/eureka"}, {"n3", "http://10.64.0.3:8761/eureka"}}, config.peers)
			// The client's own options are in no server's file, which has them at their defaults.
			got := config.options
			got.FetchInterval, got.Quarantine, got.REST = want.FetchInterval, want.Quarantine, want.REST
			require.Equal(t, want, got)
		}
	}
}

// Three nodes from the files of their containers serve every function of the workloads, over HTTP.
func TestRegistryDeployment(t *testing.T) {
	d := deploy(t, deployRegistry(apregistry.ProfileOptions(apregistry.Netflix).Scaled(100)), 3, "")
	for _, name := range d.places.Nodes {
		d.await(t, name+" ready", 1)
	}
	c1, c2 := d.user(t, "c1", "n1"), d.user(t, "c2", "n2")
	t.Run("register", func(t *testing.T) {
		wrote := does(t, c1, history.Write, "x", history.Integer(7))
		require.Equal(t, "n1", wrote.Node)
		read := does(t, c1, history.Read, "x", history.Nothing)
		require.Equal(t, history.Integer(7), read.Value)
		require.Equal(t, wrote.Version, read.Version, "in whole milliseconds")
		shows(t, c2, history.Read, "x", history.Integer(7))
		time.Sleep(2 * time.Millisecond) // for a later stamp
		does(t, c2, history.CAS, "x", history.List(history.Integer(7), history.Integer(8)))
		require.Equal(t, history.Fail, ask(t, c2, history.CAS, "x", history.List(history.Integer(7), history.Integer(9))).Outcome)
		shows(t, c1, history.Read, "x", history.Integer(8))
	})
	t.Run("discovery", func(t *testing.T) {
		does(t, c1, history.Register, "web/c1#1", history.Nothing)
		does(t, c2, history.Register, "web/c2#1", history.Nothing)
		both := history.Texts([]string{"web/c1#1", "web/c2#1"})
		for _, u := range []world.User{c1, c2} {
			shows(t, u, history.Lookup, "web", both)
			shows(t, u, history.CacheLookup, "web", both)
		}
		does(t, c2, history.Deregister, "web/c2#1", history.Nothing)
		shows(t, c1, history.Lookup, "web", history.Texts([]string{"web/c1#1"}))
	})
	t.Run("status", func(t *testing.T) {
		does(t, c2, history.Home, "", history.Nothing)
		does(t, c2, history.SetStatus, "web/c1#1", history.Text("OUT_OF_SERVICE"))
		shows(t, c1, history.Status, "web/c1#1", history.Text("OUT_OF_SERVICE"))
		shows(t, c1, history.Lookup, "web", history.List())
		does(t, c2, history.ClearStatus, "web/c1#1", history.Nothing)
		require.Equal(t, history.Fail, ask(t, c2, history.SetStatus, "web/nobody", history.Text("DOWN")).Outcome)
	})
	t.Run("clock", func(t *testing.T) {
		d.setsItsClock(t, "n3", -5*time.Hour)
		until(t, func() bool { return strings.Contains(d.said(), "the clock is off by -5h0m0s") }, "it says so")
	})
	t.Run("killed", func(t *testing.T) { registryKilled(t, d, c1) })
}

func (d *deployed) said() string {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return d.output.String()
}

// registryKilled kills a client's node, which goes to another, and then all of them.
func registryKilled(t *testing.T, d *deployed, c1 world.User) {
	d.kill(t, "n1")
	wrote := does(t, c1, history.Write, "y", history.Integer(1))
	require.NotEqual(t, "n1", wrote.Node)
	d.start(t, "n1")
	d.await(t, "n1 ready", 2)
	does(t, c1, history.Home, "", history.Nothing)
	until(t, func() bool {
		does(t, c1, history.Home, "", history.Nothing)
		read := ask(t, c1, history.Read, "y", history.Nothing)
		return read.Node == "n1" && read.Value.Equal(history.Integer(1))
	}, "it fetched what the others have")
	for _, name := range d.places.Nodes {
		d.kill(t, name)
	}
	require.NotEqual(t, history.Ok, ask(t, c1, history.Write, "y", history.Integer(2)).Outcome)
	until(t, func() bool {
		ended := ask(t, c1, history.Write, "y", history.Integer(2))
		return ended.Outcome == history.Fail && ended.Error == "no server"
	}, "who finds nobody has certainly done nothing")
	require.NoError(t, c1.Close())
	require.Equal(t, "the client has ended: it was closed", ask(t, c1, history.Read, "x", history.Nothing).Error)
}
