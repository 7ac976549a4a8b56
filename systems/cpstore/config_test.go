package cpstore

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func parsed(t *testing.T, lines ...string) Config {
	t.Helper()
	c, warnings, err := ParseConfig("zoo.cfg", []byte(strings.Join(lines, "\n")))
	require.NoError(t, err)
	require.Empty(t, warnings)
	return c
}

func TestConfigDefaults(t *testing.T) {
	require.Equal(t, Config{
		Tick: 3 * time.Second, InitLimit: 10, SyncLimit: 5, DataDir: "/var/lib/zookeeper", DataLogDir: "/var/lib/zookeeper",
		ClientPort: 2181, ClientPortAddress: "127.0.0.1", MaxClientCnxns: 60, MinSessionTimeout: 6 * time.Second,
		MaxSessionTimeout: time.Minute, Words: []string{"srvr"}, SnapRetainCount: 3, SnapCount: 100_000, MaxBuffer: 1048575,
		StandaloneEnabled: true, ForceSync: true,
	}, parsed(t, "dataDir=/var/lib/zookeeper", "clientPort=2181"))
}

// The sample that ZooKeeper comes with, and everything that can be said besides.
func TestConfigWhole(t *testing.T) {
	c := parsed(t,
		"# The number of milliseconds of each tick",
		"tickTime=2000",
		"initLimit = 10",
		"syncLimit: 5",
		"! the directory",
		"dataDir /var/lib/zookeeper",
		`dataLogDir=/var/\`,
		"    log/zookeeper   ",
		"clientPort=2181",
		"clientPortAddress=0.0.0.0",
		"maxClientCnxns=0",
		"minSessionTimeout=1000",
		"maxSessionTimeout=-1",
		"4lw.commands.whitelist=stat, ruok,conf",
		"autopurge.snapRetainCount=5",
		"autopurge.purgeInterval=24",
		"snapCount=1000",
		"jute.maxbuffer=0x400000",
		"readonlymode.enabled=true",
		"zookeeper.extendedTypesEnabled=true",
		"skipACL=yes",
		"quorumListenOnAllIPs=true",
		"zookeeper.DigestAuthenticationProvider.superDigest=super:D/InIHSb7yEEbrWz8b9l71RjZJU=",
		"reconfigEnabled=true",
		"standaloneEnabled=false",
		"forceSync=no",
		"cleave.sync=quorum",
		"server.10=[::1]:2890:3890:observer;[::1]:2183",
		"server.2=zoo2.example:2889:3889:participant;2182",
		"server.1=zoo1.example:2888",
		"server.3=127.0.0.1:2888:3888;0.0.0.0:2184",
	)
	require.Equal(t, Config{
		Tick: 2 * time.Second, InitLimit: 10, SyncLimit: 5, DataDir: "/var/lib/zookeeper", DataLogDir: "/var/log/zookeeper",
		ClientPort: 2181, ClientPortAddress: "0.0.0.0", MaxClientCnxns: 0, ListenOnAllIPs: true, MinSessionTimeout: time.Second,
		MaxSessionTimeout: 40 * time.Second, Words: []string{"stat", "ruok", "conf", "isro"}, SnapRetainCount: 5, PurgeInterval: 24 * time.Hour,
		SnapCount: 1000, MaxBuffer: 4 << 20, ReadOnlyMode: true, ExtendedTypes: true, SkipACL: true,
		SuperDigest: "super:D/InIHSb7yEEbrWz8b9l71RjZJU=", ReconfigEnabled: true, QuorumSync: true,
		Servers: []Server{
			{ID: 1, Host: "zoo1.example", PeerPort: 2888},
			{ID: 2, Host: "zoo2.example", PeerPort: 2889, ElectionPort: 3889, ClientPort: 2182},
			{ID: 3, Host: "127.0.0.1", PeerPort: 2888, ElectionPort: 3888, ClientAddress: "0.0.0.0", ClientPort: 2184},
			{ID: 10, Host: "::1", PeerPort: 2890, ElectionPort: 3890, Observer: true, ClientAddress: "::1", ClientPort: 2183},
		},
	}, c)
	require.True(t, c.Ensemble())
	for id, want := range map[int]string{1: "0.0.0.0 2181", 2: "0.0.0.0 2182", 3: "0.0.0.0 2184", 10: "::1 2183"} {
		address, port := c.ClientListen(id)
		require.Equal(t, want, strings.Join([]string{address, itoa(port)}, " "))
	}
	_, found := c.Server(4)
	require.False(t, found)
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

func TestConfigStandalone(t *testing.T) {
	base := []string{"dataDir=d", "clientPort=1"}
	none := parsed(t, base...)
	require.False(t, none.Ensemble())
	one := parsed(t, append(base, "server.1=a:1:2")...)
	require.False(t, one.Ensemble())
	alone := parsed(t, append(base, "server.1=a:1:2", "standaloneEnabled=false", "initLimit=1", "syncLimit=1")...)
	require.True(t, alone.Ensemble())
	own := parsed(t, "dataDir=d", "server.1=a:1:2;3")
	_, port := own.ClientListen(1)
	require.Equal(t, 3, port)
}

func TestConfigErrors(t *testing.T) {
	base := "dataDir=d\nclientPort=2181\n"
	ensemble := base + "server.1=a:1:2\nserver.2=b:1:2\nserver.3=c:1:2\n"
	for _, c := range []struct{ text, want string }{
		{"", "zoo.cfg: dataDir is missing"},
		{"clientPort=1", "zoo.cfg: dataDir is missing"},
		{"dataDir=d", "zoo.cfg: clientPort is missing"},
		{"dataDir=d\nserver.1=a:1;2\nserver.2=b:1:2\ninitLimit=1\nsyncLimit=1", "zoo.cfg: clientPort is missing"},
		{"dataDir=", "zoo.cfg:1: dataDir: a folder is wanted"},
		{base + "tickTime=fast", `zoo.cfg:3: tickTime: "fast" is not a whole number from 1 to 2147483647`},
		{base + "tickTime=0", `zoo.cfg:3: tickTime: "0" is not a whole number from 1 to 2147483647`},
		{base + "\n#\n\nclientPort=70000", `zoo.cfg:6: clientPort: "70000" is not a whole number from 1 to 65535`},
		{base + "maxClientCnxns=-1", `zoo.cfg:3: maxClientCnxns: "-1" is not a whole number from 0 to 2147483647`},
		{base + "skipACL=perhaps", `zoo.cfg:3: skipACL: "perhaps" is neither true nor false`},
		{base + "cleave.sync=all", `zoo.cfg:3: cleave.sync: "all" is neither local nor quorum`},
		{base + "superDigest=x\nDigestAuthenticationProvider.superDigest=bob:x",
			`zoo.cfg:4: DigestAuthenticationProvider.superDigest: it must be "super:" and the hash of the password`},
		{base + "minSessionTimeout=90000", "zoo.cfg: minSessionTimeout, 1m30s, is above maxSessionTimeout, 1m0s"},
		{base + "clientPortAddress=a b", `zoo.cfg:3: clientPortAddress: "a b" is not the name or address of a host`},
		{base + `dataLogDir=\u12`, `zoo.cfg:3: \u wants four hexadecimal digits`},
		{base + "secureClientPort=2182", "zoo.cfg:3: secureClientPort: this is not supported, and cannot be left out"},
		{base + "peerType=observer", "zoo.cfg:3: peerType: this is not supported, and cannot be left out"},
		{base + "group.1=1:2", "zoo.cfg:3: group.1: this is not supported, and cannot be left out"},
		{base + "server.x=a:1:2", `zoo.cfg:3: server.x: a server's number: "x" is not a whole number from 1 to 255`},
		{base + "server.1=a", `zoo.cfg:3: server.1: "a" has no port`},
		{base + "server.1=:1:2", `zoo.cfg:3: server.1: "" is not the name or address of a host`},
		{base + "server.1=a:b", `zoo.cfg:3: server.1: the port for peers: "b" is not a whole number from 1 to 65535`},
		{base + "server.1=a:1:0", `zoo.cfg:3: server.1: the port for elections: "0" is not a whole number from 1 to 65535`},
		{base + "server.1=a:1:2:3", `zoo.cfg:3: server.1: "a:1:2:3" is not host:peerPort:electionPort`},
		{base + "server.1=a:1:2;x", `zoo.cfg:3: server.1: the port for clients: "x" is not a whole number from 1 to 65535`},
		{base + "server.1=[::1:1:2", `zoo.cfg:3: server.1: "[::1:1:2" has no ] and port`},
		{base + "server.1=a:1:2|b:1:2", "zoo.cfg:3: server.1: several addresses of one server are not supported"},
		{ensemble, "zoo.cfg: initLimit is missing, which an ensemble needs"},
		{ensemble + "initLimit=10", "zoo.cfg: syncLimit is missing, which an ensemble needs"},
		{base + "server.1=a:1:observer\nserver.2=b:1:observer\ninitLimit=1\nsyncLimit=1", "zoo.cfg: every server is an observer: nobody could vote"},
	} {
		_, _, err := ParseConfig("zoo.cfg", []byte(c.text))
		require.EqualError(t, err, c.want, c.text)
	}
}

func TestConfigWarnings(t *testing.T) {
	_, warnings, err := ParseConfig("zoo.cfg", []byte(strings.Join([]string{
		"dataDir=d", "clientPort=1", "colour=red", "tickTime=1", "zookeeper.tickTime=2", "admin.enableServer=false", "admin.serverPort=8080",
		"metricsProvider.httpPort=7000", "4lw.commands.whitelist=stat,Stat,*", "autopurge.snapRetainCount=1", "sslQuorum=false",
		"server.1=a:1:2", "server.2=b:1:2", "initLimit=1", "syncLimit=1",
	}, "\n")))
	require.NoError(t, err)
	require.Equal(t, []string{
		`zoo.cfg:3: the key colour is not known`,
		"zoo.cfg:5: zookeeper.tickTime comes twice, and the later one holds",
		"zoo.cfg:6: admin.enableServer has no effect: there is no admin server",
		"zoo.cfg:8: metricsProvider.httpPort has no effect here",
		`zoo.cfg:9: "Stat" is no four-letter word`,
		"zoo.cfg:10: autopurge.snapRetainCount is 3 at least",
		"zoo.cfg:11: sslQuorum has no effect here",
		"zoo.cfg: 2 voting servers survive no more failures than 1 do",
	}, warnings)
}

func TestProperties(t *testing.T) {
	for text, want := range map[string][]property{
		"a=b":                        {{"a", "b", 1}},
		"a":                          {{"a", "", 1}},
		"\n\r\n  a b c \r# x\\\rd=e": {{"a", "b c", 3}, {"d", "e", 5}},
		"a = b":                      {{"a", "b", 1}},
		"a:=b":                       {{"a", "=b", 1}},
		`a\=\:\ b=c`:                 {{"a=: b", "c", 1}},
		"a=1,\\\n   2,\\\r\n\t3\nb":  {{"a", "1,2,3", 1}, {"b", "", 4}},
		`a=\\` + "\nb=1":             {{"a", `\`, 1}, {"b", "1", 2}},
		`a=\u0041\t\q\n`:             {{"a", "A\tq", 1}},
		`a=b\`:                       {{"a", "b", 1}},
		"a=1\\\n#b":                  {{"a", "1#b", 1}},
		"=x":                         {{"", "x", 1}},
		"!c\n #d\n\te=f":             {{"e", "f", 3}},
	} {
		got, err := parseProperties(text)
		require.NoError(t, err)
		require.Equal(t, want, got, "%q", text)
	}
}

func TestMyID(t *testing.T) {
	id, err := ParseMyID([]byte(" 3\n"))
	require.NoError(t, err)
	require.Equal(t, 3, id)
	for _, bad := range []string{"", "x", "0", "256", "1 2", "-1", "1.0"} {
		_, err := ParseMyID([]byte(bad))
		require.ErrorContains(t, err, "is not a number from 1 to 255", bad)
	}
}

// Any bytes give an error or a configuration that holds together.
func FuzzConfig(f *testing.F) {
	f.Add([]byte("dataDir=d\nclientPort=1\nserver.1=[::1]:1:2:observer;a:3\ninitLimit=1\nsyncLimit=0x1"))
	f.Add([]byte("a\\\n=b\\u0041\r#c\n4lw.commands.whitelist=*,stat\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, warnings, err := ParseConfig("zoo.cfg", text)
		size := 0
		for _, warning := range warnings {
			size += len(warning)
		}
		require.LessOrEqual(t, len(warnings), len(text)+1)
		require.LessOrEqual(t, size, 500*(len(text)+1))
		_, _ = ParseMyID(text)
		if err != nil {
			require.NotContains(t, err.Error(), "\x00")
			return
		}
		require.NotEmpty(t, c.DataDir)
		require.Positive(t, c.Tick)
		require.LessOrEqual(t, c.MinSessionTimeout, c.MaxSessionTimeout)
		for i, s := range c.Servers {
			require.True(t, i == 0 || c.Servers[i-1].ID < s.ID)
			require.NotEmpty(t, s.Host)
			_, port := c.ClientListen(s.ID)
			require.True(t, port > 0 && port <= 65535 && s.PeerPort > 0 && s.PeerPort <= 65535)
		}
	})
}
