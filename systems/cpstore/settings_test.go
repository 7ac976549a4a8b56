package cpstore

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What a zoo.cfg means for a node.
func TestSettings(t *testing.T) {
	config, _, err := ParseConfig("zoo.cfg", []byte("tickTime=500\ninitLimit=20\nsyncLimit=5\ndataDir=/data\nclientPort=2181\n"+
		"autopurge.purgeInterval=1\nautopurge.snapRetainCount=4\nserver.1=a:1:2\nserver.2=b:3:4:participant;5\n"))
	require.NoError(t, err)
	options := config.Options(2)
	require.Equal(t, 62500*time.Microsecond, options.Tick)
	require.Equal(t, time.Second, options.ElectionBase)
	require.Equal(t, 250*time.Millisecond, options.BootPatience)
	require.Equal(t, 2500*time.Millisecond, options.SyncLimit)
	require.Equal(t, time.Second, options.MinSessionTimeout)
	require.Equal(t, 10*time.Second, options.MaxSessionTimeout)
	require.Equal(t, 4, options.Retain)
	require.Equal(t, "server.1=a:1:2:participant\nserver.2=b:3:4:participant;5\nversion=0", string(options.Membership))
	require.Contains(t, options.Configuration, "clientPort=5\n")
	require.Contains(t, options.Configuration, "serverId=2\n")

	config, _, err = ParseConfig("zoo.cfg", []byte("dataDir=/data\nclientPort=2181\n"))
	require.NoError(t, err)
	options = config.Options(1)
	require.Nil(t, options.Membership, "a server by itself")
	require.Equal(t, 250*time.Millisecond, options.Tick)
	require.Greater(t, options.Retain, 1_000_000, "nothing is purged unless it is asked for")
}

// Keys of our own set exactly what is otherwise derived.
func TestOwnSettings(t *testing.T) {
	text := "tickTime=800\ndataDir=/data\nclientPort=2181\ncleave.heartbeat=100\ncleave.electionTimeout=1200\n" +
		"cleave.bootPatience=700\ncleave.syncTimeout=1500\ncleave.requestTimeout=2000\ncleave.retain=1\n"
	config, warnings, err := ParseConfig("zoo.cfg", []byte(text))
	require.NoError(t, err)
	require.Empty(t, warnings)
	options := config.Options(1)
	require.Equal(t, 100*time.Millisecond, options.Tick)
	require.Equal(t, 1200*time.Millisecond, options.ElectionBase)
	require.Equal(t, 700*time.Millisecond, options.BootPatience)
	require.Equal(t, 1500*time.Millisecond, options.SyncLimit)
	require.Equal(t, 2*time.Second, options.RequestTimeout)
	require.Equal(t, 1, options.Retain)
	for _, bad := range []string{"cleave.heartbeat=0", "cleave.retain=0", "cleave.syncTimeout=x", "cleave.bootPatience=-1"} {
		_, _, err = ParseConfig("zoo.cfg", []byte(text+bad+"\n"))
		require.ErrorContains(t, err, "zoo.cfg:10: ")
	}
	_, warnings, err = ParseConfig("zoo.cfg", []byte(text+"cleave.other=1\n"))
	require.NoError(t, err)
	require.Equal(t, []string{"zoo.cfg:10: the key cleave.other is not known"}, warnings)
}
