package cpstore

import (
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"time"
)

// wordLength is the length of a command of four letters, which comes in place of a greeting and is
// answered in plain text (ZooKeeper administrator's guide, "The Four Letter Words").
const wordLength = 4

// What srvr says of itself: a version and a date in the form that clients parse.
const (
	versionText = "3.8.0-cleave"
	builtText   = "02/25/2022 08:49 UTC"
)

const notServing = "This ZooKeeper instance is not currently serving requests\n"

// words are the commands that need a serving node, and those that do not.
var words = map[string]func(*node) string{
	"ruok": func(*node) string { return "imok" },
	"isro": (*node).wordIsReadOnly,
	"srvr": whileServing((*node).wordServer),
	"stat": whileServing((*node).wordStat),
	"cons": whileServing((*node).wordConnections),
	"mntr": whileServing((*node).wordMonitor),
	"conf": (*node).wordConfiguration,
	"envi": (*node).wordEnvironment,
	"dump": whileServing((*node).wordDump),
	"wchs": whileServing((*node).wordWatchSummary),
	"wchc": whileServing((*node).wordWatchesByOwner),
	"wchp": whileServing((*node).wordWatchesByPath),
	"dirs": (*node).wordDirectories,
	"hash": whileServing((*node).wordHash),
	"crst": whileServing((*node).wordResetConnections),
	"srst": whileServing((*node).wordResetServer),
	"gtmk": func(*node) string { return "0" },
	"stmk": func(*node) string { return "0" },
}

// word answers a command and ends the connection. One that is not known is, to ZooKeeper, a frame of
// an absurd length.
func (n *node) word(l *link, word string) {
	if answer, known := words[word]; known {
		text := word + " is not executed because it is not in the whitelist.\n"
		if n.allowed(word) {
			text = answer(n)
		}
		l.connection.Send([]byte(text))
	}
	n.drop(l)
}

// allowed tells whether the configuration lets a command through: srvr always, isro if there is a
// mode for readers.
func (n *node) allowed(word string) bool {
	return word == "srvr" || word == "isro" && n.options.ReadOnlyMode ||
		slices.Contains(n.options.Words, "*") || slices.Contains(n.options.Words, word)
}

func whileServing(answer func(*node) string) func(*node) string {
	return func(n *node) string {
		if !n.serving() && !n.readsOnly {
			return notServing
		}
		return answer(n)
	}
}

// mode is the part that this node has in its ensemble.
func (n *node) mode() string {
	switch {
	case n.readsOnly:
		return "read-only"
	case len(n.peers) == 1:
		return "standalone"
	case n.role.leading:
		return "leader"
	}
	return "follower"
}

func (n *node) wordIsReadOnly() string {
	switch {
	case n.serving():
		return "rw"
	case n.readsOnly:
		return "ro"
	}
	return "null"
}

func (n *node) outstanding() (count int) {
	for _, l := range n.links {
		count += len(l.queue)
	}
	return count
}

func versionLine() string {
	return fmt.Sprintf("Zookeeper version: %s, built on %s\n", versionText, builtText)
}

func (n *node) wordServer() string { return versionLine() + n.figures() }

func (n *node) figures() string {
	text := fmt.Sprintf("Latency min/avg/max: %s\nReceived: %d\nSent: %d\nConnections: %d\nOutstanding: %d\nZxid: 0x%x\nMode: %s\nNode count: %d\n",
		n.traffic.latencies(), n.traffic.received, n.traffic.sent, len(n.links), n.outstanding(), n.state.Zxid(), n.mode(), n.state.Nodes())
	if n.role.leading && len(n.peers) > 1 {
		text += "Proposal sizes last/min/max: " + n.traffic.sizes() + "\n"
	}
	return text
}

func (n *node) wordStat() string {
	var text strings.Builder
	text.WriteString(versionLine() + "Clients:\n")
	for _, l := range n.links {
		fmt.Fprintf(&text, " /%s[%d](queued=%d,recved=%d,sent=%d)\n", l.connection.Peer(), l.interest(), len(l.queue), l.traffic.received, l.traffic.sent)
	}
	return text.String() + "\n" + n.figures()
}

// interest is 1 while requests are taken from the client, as the selector's in ZooKeeper.
func (l *link) interest() int {
	if l.ending || l.stage == fresh {
		return 0
	}
	return 1
}

// wordConnections leaves out those that have not begun a session, such as the one that asks: clients of
// this word do not understand their lines.
func (n *node) wordConnections() string {
	var text strings.Builder
	for _, l := range n.links {
		if l.session == 0 {
			continue
		}
		t := &l.traffic
		fmt.Fprintf(&text, " /%s[%d](queued=%d,recved=%d,sent=%d,sid=0x%x,lop=%v,est=%d,to=%d,"+
			"lcxid=0x%x,lzxid=0x%x,lresp=%d,llat=%d,minlat=%d,avglat=%d,maxlat=%d)\n",
			l.connection.Peer(), l.interest(), len(l.queue), t.received, t.sent, uint64(l.session), t.lastOp, t.established.Milliseconds(),
			l.timeout.Milliseconds(), uint32(t.lastXid), uint64(t.lastZxid), t.lastAnswer.Milliseconds(), t.lastLatency, t.least,
			t.total/max(t.answers, 1), t.most)
	}
	return text.String() + "\n"
}

func (n *node) wordMonitor() string {
	watches, _, _ := n.watches.Count()
	var text strings.Builder
	line := func(name string, value any) { fmt.Fprintf(&text, "zk_%s\t%v\n", name, value) }
	line("version", versionText+", built on "+builtText)
	line("server_state", n.mode())
	line("peer_state", n.peerState())
	line("avg_latency", strings.Split(n.traffic.latencies(), "/")[1])
	line("max_latency", n.traffic.most)
	line("min_latency", n.traffic.least)
	line("packets_received", n.traffic.received)
	line("packets_sent", n.traffic.sent)
	line("num_alive_connections", len(n.links))
	line("outstanding_requests", n.outstanding())
	line("znode_count", n.state.Nodes())
	line("watch_count", watches)
	line("ephemerals_count", n.state.Ephemerals())
	line("approximate_data_size", n.state.DataSize())
	line("global_sessions", len(n.state.Sessions()))
	if n.role.leading && len(n.peers) > 1 {
		followers := n.followers()
		line("learners", followers)
		line("synced_followers", followers)
		line("synced_non_voting_followers", 0)
		line("synced_observers", 0)
		line("pending_syncs", 0)
		line("quorum_size", len(n.peers))
	}
	return text.String()
}

func (n *node) peerState() string {
	switch {
	case n.role.leading:
		return "leading - broadcast"
	case n.serving():
		return "following - broadcast"
	}
	return "looking"
}

// followers counts the peers that a leader has heard of lately.
func (n *node) followers() (count int) {
	for i := range n.peers {
		if p := &n.peers[i]; p.id != n.id && p.open && n.env.Elapsed()-p.heard < n.options.SyncLimit {
			count++
		}
	}
	return count
}

func (n *node) wordConfiguration() string { return n.options.Configuration }

func (n *node) wordEnvironment() string {
	return "Environment:\nzookeeper.version=" + versionText + ", built on " + builtText + "\nhost.name=" + n.name + "\n"
}

func (n *node) wordDirectories() string {
	snapshots, logs := 0, 0
	for _, file := range n.env.Disk().Files() {
		size := len(n.env.Disk().Read(file))
		if strings.HasPrefix(file, "snapshot") {
			snapshots += size
		} else {
			logs += size
		}
	}
	return fmt.Sprintf("datadir_size: %d\nlogdir_size: %d\n", snapshots, logs)
}

func (n *node) wordDump() string {
	var text strings.Builder
	sessions := n.state.Sessions()
	fmt.Fprintf(&text, "SessionTracker dump:\nSession Sets (%d)/(%d):\n", len(sessions), len(sessions))
	for _, one := range sessions {
		fmt.Fprintf(&text, "1 expire at %d:\n\t0x%x\n", one.Timeout/time.Millisecond, uint64(one.ID))
	}
	owning := 0
	var owners strings.Builder
	for _, one := range sessions {
		paths := n.state.OwnedBy(one.ID)
		if len(paths) == 0 {
			continue
		}
		owning++
		fmt.Fprintf(&owners, "0x%x:\n\t%s\n", uint64(one.ID), strings.Join(paths, "\n\t"))
	}
	fmt.Fprintf(&text, "ephemeral nodes dump:\nSessions with Ephemerals (%d):\n%s", owning, owners.String())
	text.WriteString("Connections dump:\n")
	fmt.Fprintf(&text, "Connections Sets (1)/(%d):\n", len(n.links))
	for _, l := range n.links {
		fmt.Fprintf(&text, "\tip: /%s sessionId: 0x%x\n", l.connection.Peer(), uint64(l.session))
	}
	return text.String()
}

func (n *node) wordWatchSummary() string {
	watches, paths, owners := n.watches.Count()
	return fmt.Sprintf("%d connections watching %d paths\nTotal watches:%d\n", owners, paths, watches)
}

func (n *node) wordWatchesByOwner() string {
	var text strings.Builder
	n.watches.ByOwner(func(owner uint64, paths []string) {
		if l := n.linkOf[owner]; l != nil {
			fmt.Fprintf(&text, "0x%x\n\t%s\n", uint64(l.session), strings.Join(paths, "\n\t"))
		}
	})
	return text.String() + "\n"
}

func (n *node) wordWatchesByPath() string {
	var text strings.Builder
	n.watches.ByPath(func(path string, owners []uint64) {
		text.WriteString(path + "\n")
		for _, owner := range owners {
			if l := n.linkOf[owner]; l != nil {
				fmt.Fprintf(&text, "\t0x%x\n", uint64(l.session))
			}
		}
	})
	return text.String() + "\n"
}

// wordHash is a checksum of the state: equal on nodes that have applied the same.
func (n *node) wordHash() string {
	return fmt.Sprintf("0x%x\t%08x\n", n.state.Zxid(), crc32.Checksum(n.state.Encode(), castagnoli))
}

func (n *node) wordResetConnections() string {
	for _, l := range n.links {
		l.traffic = traffic{established: l.traffic.established}
	}
	return "Connection stats reset.\n"
}

func (n *node) wordResetServer() string {
	n.traffic = traffic{}
	return "Server stats reset.\n"
}
