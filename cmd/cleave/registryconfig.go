package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"regexp"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"cleave/systems/apregistry"
)

// registryExample is a configuration with everything that may stand in it, at its default.
const registryExample = `  name: n1
  listen: 127.0.0.1:8761
  profile: netflix              # or spring, or plain
  environment: test
  dataCenter: default
  selfPreservation: true
  renewalPercent: 85
  syncRetries: 5                # tries to fetch the registry from a peer at the start
  expectedAtStart: 0            # clients expected after a start that fetched nothing; 1 in spring
  deltas: true
  dataDir: ""                   # where the node remembers that it has run before; "" is nowhere
  syncOnFirstBoot: true         # false: a node that has never run serves at once; it needs a dataDir
  peers:                        # none by default
    - name: n2
      url: http://10.0.0.2:8761/eureka
  intervals: {renewal: 30s, lease: 90s, eviction: 1m, bucket: 1m, recount: 15m, responseCache: 30s, override: 1h,
              syncRetry: 30s, waitWhenSyncEmpty: 5m, peerTimeout: 200ms, syncTimeout: 8s, batchDelay: 500ms,
              deltaRetention: 3m, deltaPurge: 30s, exchange: 30s, tombstone: 1h, preservation: 15m, readWriteExpiry: 3m,
              taskExpiry: 30s, congestionRetry: 100ms, networkRetry: 1s}
  limits: {registrations: 100000, body: 1048576, batch: 10485760, connections: 4096, connectionsPerAddress: 0}
`

// registryConfig is a node of the AP registry as its configuration has it.
type registryConfig struct {
	name, listen                       string
	environment, dataCenter, dataDir   string
	peers                              []registryPeer
	options                            apregistry.Options
	body, batch                        int64
	connections, connectionsPerAddress int
}

type registryPeer struct{ name, url string }

// registryFile is the file as it is written. A pointer is nil for what is not there.
type registryFile struct {
	Name             *scalar `yaml:"name"`
	Listen           *scalar `yaml:"listen"`
	Profile          *scalar `yaml:"profile"`
	Environment      *scalar `yaml:"environment"`
	DataCenter       *scalar `yaml:"dataCenter"`
	SelfPreservation *scalar `yaml:"selfPreservation"`
	RenewalPercent   *scalar `yaml:"renewalPercent"`
	SyncRetries      *scalar `yaml:"syncRetries"`
	ExpectedAtStart  *scalar `yaml:"expectedAtStart"`
	Deltas           *scalar `yaml:"deltas"`
	DataDir          *scalar `yaml:"dataDir"`
	SyncOnFirstBoot  *scalar `yaml:"syncOnFirstBoot"`
	Peers            []struct {
		Name *scalar `yaml:"name"`
		URL  *scalar `yaml:"url"`
	} `yaml:"peers"`
	Intervals struct {
		Renewal           *scalar `yaml:"renewal"`
		Lease             *scalar `yaml:"lease"`
		Eviction          *scalar `yaml:"eviction"`
		Bucket            *scalar `yaml:"bucket"`
		Recount           *scalar `yaml:"recount"`
		ResponseCache     *scalar `yaml:"responseCache"`
		Override          *scalar `yaml:"override"`
		SyncRetry         *scalar `yaml:"syncRetry"`
		WaitWhenSyncEmpty *scalar `yaml:"waitWhenSyncEmpty"`
		PeerTimeout       *scalar `yaml:"peerTimeout"`
		SyncTimeout       *scalar `yaml:"syncTimeout"`
		BatchDelay        *scalar `yaml:"batchDelay"`
		DeltaRetention    *scalar `yaml:"deltaRetention"`
		DeltaPurge        *scalar `yaml:"deltaPurge"`
		Exchange          *scalar `yaml:"exchange"`
		Tombstone         *scalar `yaml:"tombstone"`
		Preservation      *scalar `yaml:"preservation"`
		ReadWriteExpiry   *scalar `yaml:"readWriteExpiry"`
		TaskExpiry        *scalar `yaml:"taskExpiry"`
		CongestionRetry   *scalar `yaml:"congestionRetry"`
		NetworkRetry      *scalar `yaml:"networkRetry"`
	} `yaml:"intervals"`
	Limits struct {
		Registrations         *scalar `yaml:"registrations"`
		Body                  *scalar `yaml:"body"`
		Batch                 *scalar `yaml:"batch"`
		Connections           *scalar `yaml:"connections"`
		ConnectionsPerAddress *scalar `yaml:"connectionsPerAddress"`
	} `yaml:"limits"`
}

// parseRegistry reads a configuration. An error says file and line.
func parseRegistry(file string, text []byte) (registryConfig, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	var f registryFile
	if err := decoder.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		return registryConfig{}, fmt.Errorf("%s%s", file, yamlError(err))
	}
	if err := decoder.Decode(&registryFile{}); !errors.Is(err, io.EOF) {
		return registryConfig{}, fmt.Errorf("%s: one document is wanted, and there are more", file)
	}
	c, err := f.config()
	if err != nil {
		return c, fmt.Errorf("%s%w", file, err)
	}
	return c, nil
}

// unknownField is how the library says that a key is not known.
var unknownField = regexp.MustCompile(`field (\S+) not found in type \S+`)

// goType is a type of the program in the library's words.
var goType = regexp.MustCompile(`into (\[\])?struct \{.*`)

// yamlError is ":line: what is wrong", of the first thing that is.
func yamlError(err error) string {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	var several *yaml.TypeError
	if errors.As(err, &several) {
		message = several.Errors[0]
	}
	var line int
	if count, _ := fmt.Sscanf(message, "line %d: ", &line); count == 1 {
		_, message, _ = strings.Cut(message, ": ")
		message = unknownField.ReplaceAllString(message, "the key $1 is not known")
		message = goType.ReplaceAllString(message, "into a list or section")
		message = strings.NewReplacer("main.registryFile", "the configuration", "main.scalar", "a value", "\n", " ").Replace(message)
		return fmt.Sprintf(":%d: %s", line, message)
	}
	return ": " + message
}

// config is what the file says, with the profile's settings where it says nothing.
func (f *registryFile) config() (registryConfig, error) {
	var r reading
	c := registryConfig{listen: "127.0.0.1:8761", environment: "test", dataCenter: "default",
		body: 1 << 20, batch: 10 << 20, connections: 4096}
	profile := apregistry.Netflix
	if f.Profile != nil {
		var known bool
		if profile, known = apregistry.ProfileNamed(f.Profile.text); !known {
			r.wrong(f.Profile, "profile", "there is no profile of that name; there are: netflix, spring, plain")
		}
	}
	c.options = apregistry.ProfileOptions(profile)
	c.options.SyncTimeout = 8 * time.Second
	c.options.SyncOnFirstBoot = true // as Eureka does
	r.name(f.Name, "name", &c.name)
	r.address(f.Listen, "listen", &c.listen)
	r.word(f.Environment, "environment", &c.environment)
	r.word(f.DataCenter, "dataCenter", &c.dataCenter)
	r.word(f.DataDir, "dataDir", &c.dataDir)
	f.rules(&r, &c.options)
	f.intervals(&r, &c.options)
	r.number(f.Limits.Registrations, "limits.registrations", 1, 10_000_000, &c.options.MaxInstances)
	r.number64(f.Limits.Body, "limits.body", 1024, 1<<30, &c.body)
	r.number64(f.Limits.Batch, "limits.batch", 1024, 1<<30, &c.batch)
	r.number(f.Limits.Connections, "limits.connections", 1, 1_000_000, &c.connections)
	r.number(f.Limits.ConnectionsPerAddress, "limits.connectionsPerAddress", 0, 1_000_000, &c.connectionsPerAddress)
	f.readPeers(&r, &c)
	switch {
	case r.err != nil:
	case f.Name == nil:
		r.err = errors.New(": name is missing")
	case !c.options.SyncOnFirstBoot && c.dataDir == "":
		r.err = errors.New(": dataDir is missing: without it no boot is known to be the first")
	}
	return c, r.err
}

func (f *registryFile) rules(r *reading, o *apregistry.Options) {
	r.truth(f.SelfPreservation, "selfPreservation", &o.SelfPreservation)
	r.number(f.RenewalPercent, "renewalPercent", 1, 100, &o.RenewalPercent)
	r.number(f.SyncRetries, "syncRetries", 0, 1000, &o.SyncRetries)
	r.number(f.ExpectedAtStart, "expectedAtStart", 0, 1_000_000, &o.OpenForTrafficCount)
	deltas := !o.NoDelta
	r.truth(f.Deltas, "deltas", &deltas)
	o.NoDelta = !deltas
	r.truth(f.SyncOnFirstBoot, "syncOnFirstBoot", &o.SyncOnFirstBoot)
}

func (f *registryFile) intervals(r *reading, o *apregistry.Options) {
	i := &f.Intervals
	r.duration(i.Renewal, "intervals.renewal", &o.RenewalInterval)
	r.duration(i.Lease, "intervals.lease", &o.LeaseDuration)
	r.duration(i.Eviction, "intervals.eviction", &o.EvictionInterval)
	r.duration(i.Bucket, "intervals.bucket", &o.RenewsBucket)
	r.duration(i.Recount, "intervals.recount", &o.RecountInterval)
	r.duration(i.ResponseCache, "intervals.responseCache", &o.ResponseCacheInterval)
	r.duration(i.Override, "intervals.override", &o.OverrideExpiry)
	r.duration(i.SyncRetry, "intervals.syncRetry", &o.SyncRetryWait)
	r.pause(i.WaitWhenSyncEmpty, "intervals.waitWhenSyncEmpty", &o.WaitWhenSyncEmpty)
	r.duration(i.PeerTimeout, "intervals.peerTimeout", &o.NetworkTimeout)
	r.duration(i.SyncTimeout, "intervals.syncTimeout", &o.SyncTimeout)
	r.pause(i.BatchDelay, "intervals.batchDelay", &o.BatchDelay)
	r.duration(i.DeltaRetention, "intervals.deltaRetention", &o.DeltaRetention)
	r.duration(i.DeltaPurge, "intervals.deltaPurge", &o.DeltaPurge)
	r.duration(i.Exchange, "intervals.exchange", &o.ExchangeInterval)
	r.duration(i.Tombstone, "intervals.tombstone", &o.TombstoneExpiry)
	r.duration(i.Preservation, "intervals.preservation", &o.PreservationLimit)
	r.duration(i.ReadWriteExpiry, "intervals.readWriteExpiry", &o.ReadWriteExpiry)
	r.duration(i.TaskExpiry, "intervals.taskExpiry", &o.TaskExpiry)
	r.duration(i.CongestionRetry, "intervals.congestionRetry", &o.CongestionRetry)
	r.duration(i.NetworkRetry, "intervals.networkRetry", &o.NetworkRetry)
}

// readPeers reads the peers, of which none may be this node itself.
func (f *registryFile) readPeers(r *reading, c *registryConfig) {
	for i, each := range f.Peers {
		var peer registryPeer
		key := fmt.Sprintf("peers[%d]", i)
		if each.Name == nil || each.URL == nil {
			r.fail(0, key, "a peer has a name and a url")
			return
		}
		r.name(each.Name, key+".name", &peer.name)
		r.base(each.URL, key+".url", &peer.url)
		if peer.name == c.name {
			r.fail(each.Name.line, key+".name", "the peer "+peer.name+" is this node itself")
		}
		if peer.url != "" && sameAddress(peer.url, c.listen) {
			r.fail(each.URL.line, key+".url", peer.url+" is where this node itself listens")
		}
		for _, other := range c.peers {
			if other.name == peer.name || other.url == peer.url {
				r.fail(each.Name.line, key, "the peer "+peer.name+" is there twice, by name or url")
			}
		}
		c.peers = append(c.peers, peer)
	}
}

// sameAddress tells whether a URL leads to where a node listens.
func sameAddress(base, listen string) bool {
	u, err := url.Parse(base)
	address, port, wrong := net.SplitHostPort(listen)
	if err != nil || wrong != nil || portOf(u) != port || port == "0" {
		return false
	}
	local := func(name string) bool {
		ip := net.ParseIP(name)
		return name == "localhost" || ip != nil && ip.IsLoopback()
	}
	usual := func(name string) bool { return name == "localhost" || name == "127.0.0.1" || name == "::1" }
	everywhere := net.ParseIP(address)
	return u.Hostname() == address || usual(u.Hostname()) && usual(address) ||
		local(u.Hostname()) && (address == "" || everywhere != nil && everywhere.IsUnspecified())
}

func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}
