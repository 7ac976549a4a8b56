package zookeeper

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"cleave/world"
)

// The ports of a node.
const (
	clientPort   = 2181
	peerPort     = 2888
	electionPort = 3888
)

// Where things are in a container.
const (
	libraries     = "/opt/zookeeper/lib/*"
	configuration = "/etc/zookeeper/zoo.cfg"
	logbackFile   = "/etc/zookeeper/logback.xml"
	log4jFile     = "/etc/zookeeper/log4j.properties"
)

// container says how a node starts: Java on the server's own main class, with nothing in between that
// could hide how it ends.
func container(name string, places world.Places) world.Container {
	number := slices.Index(places.Nodes, name) + 1
	return world.Container{
		Command: slices.Concat([]string{"java"}, javaFlags, electionFlags, loggingFlags,
			[]string{"-cp", libraries, "org.apache.zookeeper.server.quorum.QuorumPeerMain", configuration}),
		Environment: []string{"LANG=C.UTF-8"},
		Files: []world.File{
			{Path: configuration, Content: zooCfg(places)},
			{Path: logbackFile, Content: []byte(logback)},
			{Path: log4jFile, Content: []byte(log4j)},
			{Path: path.Join(world.DataFolder, "myid"), Content: fmt.Appendln(nil, number)},
		},
	}
}

// javaFlags are for a quick start and little of everything. A node that has no memory left ends.
var javaFlags = []string{
	"-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-XX:-UsePerfData",
	"-XX:+ExitOnOutOfMemoryError", "-Djava.net.preferIPv4Stack=true", "-Dzookeeper.jmx.log4j.disable=true",
	"-Dzookeeper.admin.enableServer=false",
}

// electionFlags bound how long nodes take to find each other again. By default votes are sent again
// after 0.2 s, 0.4 s, ... up to a minute, and a try to connect holds others up for 5 s.
var electionFlags = []string{
	"-Dzookeeper.fastleader.maxNotificationInterval=1000",
	"-Dzookeeper.cnxTimeout=1000",
	"-Dzookeeper.tcpKeepAlive=true",
}

// loggingFlags name both back ends' files: releases from 3.8.0 on have logback, Debian's log4j.
var loggingFlags = []string{
	"-Dlogback.configurationFile=" + logbackFile,
	"-Dlog4j.configuration=file:" + log4jFile,
}

// zooCfg is the configuration, the same for all nodes. The client port is open on every address, so that
// the monitor reaches it on loopback. Snapshots are frequent and the log's blocks small, so that a run
// sees many of the one and its disk, which is memory, holds the other.
func zooCfg(places world.Places) []byte {
	var text strings.Builder
	fmt.Fprintf(&text, "tickTime=%d\ninitLimit=%d\nsyncLimit=%d\ndataDir=%s\n", tick.Milliseconds(), initTicks, syncTicks, world.DataFolder)
	fmt.Fprintf(&text, "clientPort=%d\nclientPortAddress=0.0.0.0\nmaxClientCnxns=0\n4lw.commands.whitelist=*\n", clientPort)
	fmt.Fprintf(&text, "snapCount=200\npreAllocSize=64\nadmin.enableServer=false\n")
	if len(places.Nodes) > 1 {
		for i, node := range places.Nodes {
			fmt.Fprintf(&text, "server.%d=%s:%d:%d\n", i+1, places.Addresses[node], peerPort, electionPort)
		}
	}
	return []byte(text.String())
}

// logback is the configuration of the logger of ZooKeeper's own releases. Who asks a four-letter word is
// not worth a line: the monitor does so ten times a second.
const logback = `<configuration>
  <appender name="CONSOLE" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%d{ISO8601} %-5p [%t] %logger{1} %m%n</pattern></encoder>
  </appender>
  <logger name="org.apache.zookeeper.server.NIOServerCnxn" level="WARN"/>
  <logger name="ROOT" level="INFO"><appender-ref ref="CONSOLE"/></logger>
</configuration>
`

// log4j is the same for Debian's.
const log4j = `log4j.rootLogger=INFO, CONSOLE
log4j.logger.org.apache.zookeeper.server.NIOServerCnxn=WARN
log4j.appender.CONSOLE=org.apache.log4j.ConsoleAppender
log4j.appender.CONSOLE.layout=org.apache.log4j.PatternLayout
log4j.appender.CONSOLE.layout.ConversionPattern=%d{ISO8601} %-5p [%t] %c{1} %m%n
`
