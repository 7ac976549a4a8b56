package zookeeper_test

import (
	"fmt"
	"net/netip"
	"strings"

	"cleave/systems/zookeeper"
	"cleave/world"
)

// How the second of three nodes starts.
func ExampleSystem() {
	system := zookeeper.System(zookeeper.Debian)
	places := world.Places{Cluster: world.Cluster{Nodes: []string{"n1", "n2", "n3"}}, Addresses: map[string]netip.Addr{
		"n1": netip.MustParseAddr("10.64.0.1"), "n2": netip.MustParseAddr("10.64.0.2"), "n3": netip.MustParseAddr("10.64.0.3")}}
	fmt.Println(system.Name, system.Deployment.Image)
	container := system.Deployment.Node("n2", places)
	fmt.Println(container.Command[0], container.Command[len(container.Command)-2])
	for _, file := range container.Files {
		if strings.HasSuffix(file.Path, ".cfg") || strings.HasSuffix(file.Path, "myid") {
			fmt.Printf("%s:\n%s", file.Path, file.Content)
		}
	}
	// Output:
	// zookeeper-3.8.0 cleave/zookeeper:3.8.0
	// java org.apache.zookeeper.server.quorum.QuorumPeerMain
	// /etc/zookeeper/zoo.cfg:
	// tickTime=500
	// initLimit=20
	// syncLimit=4
	// dataDir=/data
	// clientPort=2181
	// clientPortAddress=0.0.0.0
	// maxClientCnxns=0
	// 4lw.commands.whitelist=*
	// snapCount=200
	// preAllocSize=64
	// admin.enableServer=false
	// server.1=10.64.0.1:2888:3888
	// server.2=10.64.0.2:2888:3888
	// server.3=10.64.0.3:2888:3888
	// /data/myid:
	// 2
}
