package cpstore

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// Heartbeats of a leader go several times a tick, so that a follower that is well is never doubted
// within two ticks.
const (
	beatsPerTick  = 8
	shortestBeat  = 20 * time.Millisecond
	longestBeat   = 250 * time.Millisecond
	silentBeats   = 10 // without a leader before another stands
	leastElection = time.Second
)

// Options are what the configuration means for one of its servers.
//
//	                    ZooKeeper            here
//	heartbeat           tickTime/2           tickTime/8, 20 to 250 ms
//	leader given up     syncLimit ticks      10 heartbeats, 1 s at least, and up to as much again by chance;
//	                                         at once if its process ends
//	follower without    syncLimit ticks      syncLimit ticks
//	a leader closes
func (c *Config) Options(id int) Options {
	beat := min(max(c.Tick/beatsPerTick, shortestBeat), longestBeat)
	options := Options{
		Tick:              beat,
		ElectionBase:      max(leastElection, silentBeats*beat),
		SyncLimit:         time.Duration(c.SyncLimit) * c.Tick,
		SnapshotEvery:     uint64(c.SnapCount),
		SnapshotBytes:     mostLogged,
		Retain:            math.MaxInt,
		SessionTimeout:    c.MinSessionTimeout,
		MinSessionTimeout: c.MinSessionTimeout,
		MaxSessionTimeout: c.MaxSessionTimeout,
		StrictSync:        c.QuorumSync,
		ReadOnlyMode:      c.ReadOnlyMode,
		ExtendedTypes:     c.ExtendedTypes,
		SkipACL:           c.SkipACL,
		Super:             c.SuperDigest,
		Words:             c.Words,
		Configuration:     c.word(id),
	}
	options.BootPatience = options.ElectionBase / 4
	options.RequestTimeout = max(options.SyncLimit, options.ElectionBase, 10*time.Second)
	if c.PurgeInterval > 0 {
		options.Retain = c.SnapRetainCount
	}
	if c.Ensemble() {
		options.Membership = []byte(c.membership())
	}
	c.Own.apply(&options)
	return options
}

// mostLogged bounds the log that a restart has to read again.
const mostLogged = 1 << 30

// membership is the ensemble as /zookeeper/config has it. It never changes while servers run, so it is
// always of version 0.
func (c *Config) membership() string {
	var text strings.Builder
	for _, s := range c.Servers {
		fmt.Fprintf(&text, "server.%d=%s:%d:%d:participant", s.ID, s.Host, s.PeerPort, s.ElectionPort)
		if s.ClientPort != 0 {
			text.WriteString(";")
			if s.ClientAddress != "" {
				text.WriteString(s.ClientAddress + ":")
			}
			fmt.Fprint(&text, s.ClientPort)
		}
		text.WriteString("\n")
	}
	return text.String() + "version=0"
}

// word is the answer to the four-letter word conf.
func (c *Config) word(id int) string {
	_, port := c.ClientListen(id)
	text := fmt.Sprintf("clientPort=%d\nsecureClientPort=-1\ndataDir=%s\ndataLogDir=%s\ntickTime=%d\nmaxClientCnxns=%d\n"+
		"minSessionTimeout=%d\nmaxSessionTimeout=%d\nclientPortListenBacklog=-1\nserverId=%d\n",
		port, c.DataDir, c.DataLogDir, c.Tick.Milliseconds(), c.MaxClientCnxns, c.MinSessionTimeout.Milliseconds(),
		c.MaxSessionTimeout.Milliseconds(), id)
	if c.Ensemble() {
		text += fmt.Sprintf("initLimit=%d\nsyncLimit=%d\nmembership: \n%s", c.InitLimit, c.SyncLimit, c.membership())
	}
	return text
}
