package cpstore

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Config is what a zoo.cfg says, in ZooKeeper's meanings and with its defaults, but for one: without
// clientPortAddress clients are taken on the loopback address alone.
type Config struct {
	Tick              time.Duration // tickTime, default 3 s
	InitLimit         int           // ticks; required in an ensemble, otherwise 10
	SyncLimit         int           // ticks; required in an ensemble, otherwise 5
	DataDir           string        // required
	DataLogDir        string        // default DataDir
	ClientPort        int           // required, unless every server.N has its own; 0 if not given
	ClientPortAddress string        // default 127.0.0.1
	Servers           []Server      // by ID, rising
	ListenOnAllIPs    bool          // quorumListenOnAllIPs: for peers, not only on the server's own address
	MaxClientCnxns    int           // from one address; 0 is no bound; default 60
	MinSessionTimeout time.Duration // default 2 ticks
	MaxSessionTimeout time.Duration // default 20 ticks
	Words             []string      // four-letter words that are answered, or "*"; default srvr
	SnapRetainCount   int           // snapshots that a purge keeps, 3 at least
	PurgeInterval     time.Duration // between purges; 0, the default, is no purge
	SnapCount         int           // transactions between snapshots, default 100000
	MaxBuffer         int           // jute.maxbuffer: the longest request in bytes, default 1048575
	ReadOnlyMode      bool
	ExtendedTypes     bool // TTL nodes
	SkipACL           bool
	SuperDigest       string // "super:hash", "" for no super user
	ReconfigEnabled   bool
	StandaloneEnabled bool // a single server is no ensemble; default true
	ForceSync         bool // writes are durable when they are acknowledged; default true
	QuorumSync        bool // cleave.sync=quorum: a sync asks a quorum; otherwise as in ZooKeeper
	Own               Own
}

// Server is one server.N of an ensemble.
type Server struct {
	ID            int
	Host          string
	PeerPort      int
	ElectionPort  int // 0 if not given; not used
	Observer      bool
	ClientAddress string // "" if not given
	ClientPort    int    // 0 if not given
}

// Ensemble tells whether servers form one, so that each needs a myid.
func (c *Config) Ensemble() bool {
	return len(c.Servers) > 1 || len(c.Servers) == 1 && !c.StandaloneEnabled
}

// Server finds a server by its ID.
func (c *Config) Server(id int) (Server, bool) {
	at, found := slices.BinarySearchFunc(c.Servers, id, func(s Server, id int) int { return cmp.Compare(s.ID, id) })
	if !found {
		return Server{}, false
	}
	return c.Servers[at], true
}

// ClientListen is where a server takes clients: as its own line says, if it does, or else as
// clientPort and clientPortAddress do.
func (c *Config) ClientListen(id int) (address string, port int) {
	address, port = c.ClientPortAddress, c.ClientPort
	if s, found := c.Server(id); found && s.ClientPort != 0 {
		port = s.ClientPort
		if s.ClientAddress != "" {
			address = s.ClientAddress
		}
	}
	return address, port
}

// ParseConfig reads a zoo.cfg. name is what errors and warnings call the file; each says the line too,
// if there is one. Warnings are of keys that are unknown, have no effect here, or come twice.
func ParseConfig(name string, text []byte) (Config, []string, error) {
	p := configParser{name: name, config: Config{
		Tick: 3 * time.Second, ClientPortAddress: "127.0.0.1", MaxClientCnxns: 60,
		MinSessionTimeout: -1, MaxSessionTimeout: -1, SnapRetainCount: 3, SnapCount: 100_000, MaxBuffer: 0xfffff,
		StandaloneEnabled: true, ForceSync: true}}
	properties, err := parseProperties(string(text))
	if err != nil {
		return Config{}, nil, fmt.Errorf("%s:%w", name, err)
	}
	for i := range properties {
		if err := p.take(&properties[i]); err != nil {
			return Config{}, p.warnings, fmt.Errorf("%s:%d: %s: %w", name, properties[i].line, properties[i].name(), err)
		}
	}
	if err := p.finish(); err != nil {
		return Config{}, p.warnings, fmt.Errorf("%s: %w", name, err)
	}
	return p.config, p.warnings, nil
}

// ParseMyID reads the content of a file myid: a number from 1 to 255.
func ParseMyID(text []byte) (int, error) {
	content := strings.TrimSpace(string(text))
	id, err := strconv.Atoi(content)
	if err != nil || id < 1 || id > mostServerID {
		return 0, fmt.Errorf("%.40q is not a number from 1 to %d", content, mostServerID)
	}
	return id, nil
}

const (
	mostServerID = 255
	mostNumber   = 1<<31 - 1
)

// configParser gathers what the properties say.
type configParser struct {
	name     string
	config   Config
	warnings []string
	seen     []string // keys, without prefix
	admin    bool     // warned about the admin server
}

func (p *configParser) warn(line int, format string, arguments ...any) {
	p.warnings = append(p.warnings, fmt.Sprintf("%s:%d: ", p.name, line)+fmt.Sprintf(format, arguments...))
}

// finish sets what depends on other keys, and checks what must be there.
func (p *configParser) finish() error {
	c := &p.config
	if c.DataDir == "" {
		return errors.New("dataDir is missing")
	}
	if c.DataLogDir == "" {
		c.DataLogDir = c.DataDir
	}
	slices.SortFunc(c.Servers, func(a, b Server) int { return cmp.Compare(a.ID, b.ID) })
	portless := func(s Server) bool { return s.ClientPort == 0 }
	if c.ClientPort == 0 && (len(c.Servers) == 0 || slices.ContainsFunc(c.Servers, portless)) {
		return errors.New("clientPort is missing")
	}
	if err := c.distinct(); err != nil {
		return err
	}
	if err := p.finishLimits(); err != nil {
		return err
	}
	if c.MinSessionTimeout < 0 {
		c.MinSessionTimeout = 2 * c.Tick
	}
	if c.MaxSessionTimeout < 0 {
		c.MaxSessionTimeout = 20 * c.Tick
	}
	if c.MinSessionTimeout > c.MaxSessionTimeout {
		return fmt.Errorf("minSessionTimeout, %v, is above maxSessionTimeout, %v", c.MinSessionTimeout, c.MaxSessionTimeout)
	}
	if c.Words == nil {
		c.Words = []string{"srvr"}
	}
	if c.ReadOnlyMode && !slices.Contains(c.Words, "isro") {
		c.Words = append(c.Words, "isro")
	}
	return nil
}

// distinct makes sure that no address is given twice.
func (c *Config) distinct() error {
	taken := map[string]string{}
	take := func(host string, port int, by string) error {
		address := fmt.Sprintf("%s:%d", host, port)
		if other := taken[address]; other != "" {
			return fmt.Errorf("%s and %s have the same address, %s", other, by, address)
		}
		taken[address] = by
		return nil
	}
	for _, s := range c.Servers {
		if err := take(s.Host, s.PeerPort, fmt.Sprintf("server.%d", s.ID)); err != nil {
			return err
		}
		if s.ElectionPort == 0 {
			continue
		}
		if err := take(s.Host, s.ElectionPort, fmt.Sprintf("server.%d's second port", s.ID)); err != nil {
			return err
		}
	}
	if c.ClientPort == 0 {
		return nil
	}
	return take(c.ClientPortAddress, c.ClientPort, "clientPort")
}

func (p *configParser) finishLimits() error {
	c := &p.config
	if c.Ensemble() {
		switch {
		case c.InitLimit == 0:
			return errors.New("initLimit is missing, which an ensemble needs")
		case c.SyncLimit == 0:
			return errors.New("syncLimit is missing, which an ensemble needs")
		}
		if voters := c.voters(); voters == 0 {
			return errors.New("every server is an observer: nobody could vote")
		} else if voters%2 == 0 {
			p.warnings = append(p.warnings, fmt.Sprintf("%s: %d voting servers survive no more failures than %d do", p.name, voters, voters-1))
		}
	}
	if c.InitLimit == 0 {
		c.InitLimit = 10
	}
	if c.SyncLimit == 0 {
		c.SyncLimit = 5
	}
	return nil
}

func (c *Config) voters() int {
	count := 0
	for _, s := range c.Servers {
		if !s.Observer {
			count++
		}
	}
	return count
}
