package image

import (
	"context"
	"net"
	"net/netip"
	"time"

	"cleave/systems/zookeeper"
	"cleave/world"
)

// zookeeperPort is where clients of ZooKeeper's protocol go of their own accord.
const zookeeperPort = 2181

// toPort makes connections to one port of a node go to another.
func toPort(dial world.Dial, from, to uint16) world.Dial {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if there, err := netip.ParseAddrPort(address); err == nil && there.Port() == from {
			address = netip.AddrPortFrom(there.Addr(), to).String()
		}
		return dial(ctx, network, address)
	}
}

// zookeeperUser is a client that speaks ZooKeeper's protocol, and looks for a server that serves by itself.
func (f File) zookeeperUser(name, host string, places world.Places, edge world.Edge) (world.User, error) {
	edge.Dial = toPort(edge.Dial, zookeeperPort, uint16(f.Node.Port))
	return zookeeper.NewUser(zookeeper.Options{RequestTimeout: time.Duration(f.Client.Timeout)}, name, host, places, edge)
}
