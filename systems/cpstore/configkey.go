package cpstore

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// take sets what one property says. ZooKeeper reads many of its settings from Java's system
// properties, whose names begin with "zookeeper."; both forms are taken.
func (p *configParser) take(property *property) error {
	key, value, c := strings.TrimPrefix(property.key, "zookeeper."), property.value, &p.config
	if slices.Contains(p.seen, key) {
		p.warn(property.line, "%s comes twice, and the later one holds", property.name())
	}
	p.seen = append(p.seen, key)
	switch key {
	case "tickTime":
		return parseMilliseconds(value, 1, &c.Tick)
	case "initLimit":
		return parseInteger(value, 1, mostNumber, &c.InitLimit)
	case "syncLimit":
		return parseInteger(value, 1, mostNumber, &c.SyncLimit)
	case "dataDir":
		return parseFolder(value, &c.DataDir)
	case "dataLogDir":
		return parseFolder(value, &c.DataLogDir)
	case "clientPort":
		return parseInteger(value, 1, 65535, &c.ClientPort)
	case "clientPortAddress":
		return parseHost(value, &c.ClientPortAddress)
	case "maxClientCnxns":
		return parseInteger(value, 0, mostNumber, &c.MaxClientCnxns)
	case "minSessionTimeout":
		return parseMilliseconds(value, -1, &c.MinSessionTimeout)
	case "maxSessionTimeout":
		return parseMilliseconds(value, -1, &c.MaxSessionTimeout)
	case "4lw.commands.whitelist":
		p.words(property.line, value)
		return nil
	case "snapCount":
		return parseInteger(value, 2, mostNumber, &c.SnapCount)
	case "jute.maxbuffer":
		return parseInteger(value, 1024, 1<<30, &c.MaxBuffer)
	}
	return p.takeSwitch(key, property)
}

// takeSwitch takes the keys whose value is yes or no, and those that ZooKeeper has a whole family of.
func (p *configParser) takeSwitch(key string, property *property) error {
	value, c := property.value, &p.config
	switch key {
	case "readonlymode.enabled":
		return parseSwitch(value, &c.ReadOnlyMode)
	case "extendedTypesEnabled":
		return parseSwitch(value, &c.ExtendedTypes)
	case "skipACL":
		return parseSwitch(value, &c.SkipACL)
	case "quorumListenOnAllIPs":
		return parseSwitch(value, &c.ListenOnAllIPs)
	case "reconfigEnabled":
		return parseSwitch(value, &c.ReconfigEnabled)
	case "standaloneEnabled":
		return parseSwitch(value, &c.StandaloneEnabled)
	case "forceSync":
		return parseSwitch(value, &c.ForceSync)
	case "cleave.sync":
		if value != "local" && value != "quorum" {
			return fmt.Errorf("%.60q is neither local nor quorum", value)
		}
		c.QuorumSync = value == "quorum"
		return nil
	case "DigestAuthenticationProvider.superDigest":
		if user, hash, _ := strings.Cut(value, ":"); user != "super" || hash == "" {
			return errors.New(`it must be "super:" and the hash of the password`)
		}
		c.SuperDigest = value
		return nil
	case "autopurge.snapRetainCount":
		if err := parseInteger(value, 0, mostNumber, &c.SnapRetainCount); err != nil {
			return err
		}
		if c.SnapRetainCount < 3 {
			p.warn(property.line, "%s is 3 at least", property.name())
			c.SnapRetainCount = 3
		}
		return nil
	case "autopurge.purgeInterval":
		hours := 0
		err := parseInteger(value, 0, 1_000_000, &hours)
		c.PurgeInterval = time.Duration(hours) * time.Hour
		return err
	}
	if number, found := strings.CutPrefix(key, "server."); found {
		return p.server(number, value)
	}
	if known, err := c.Own.take(key, value); known {
		return err
	}
	return p.other(key, property)
}

// How the keys begin that change what a cluster is, or who may use it, so that they cannot be left out
// unless they are off; and those that can be left out.
var (
	impossible = []string{"dynamicConfigFile", "group.", "weight.", "peerType", "secureClientPort", "sslQuorum", "quorum.auth.",
		"sessionRequireClientSASLAuth", "enforce.auth.", "authProvider."}
	withoutUse = []string{"metricsProvider.", "ssl.", "quorum.", "electionAlg", "cnxTimeout", "leaderServes",
		"syncEnabled", "localSessionsEnabled", "localSessionsUpgradingEnabled", "globalOutstandingLimit",
		"preAllocSize", "snapSizeLimitInKb", "commitLogCount", "fsync.warningthresholdms", "serverCnxnFactory",
		"clientPortListenBacklog", "multiAddress.", "snapshot.", "maxCnxns", "nio.", "netty.", "portUnification", "observerMasterPort",
		"largeRequest", "digest.enabled", "audit.enable", "connection", "watchManagerName",
		"maxResponseCacheSize", "maxGetChildrenResponseCacheSize", "leader.", "learner.", "flushDelay", "maxWriteQueuePollTime", "maxBatchSize",
		"requestThrottler", "request_throttle", "request_", "znode.container.", "X509", "sasl", "kerberos.", "response", "initialize"}
)

// other warns of a key that has no effect, or refuses one that cannot be left out.
func (p *configParser) other(key string, property *property) error {
	begins := func(with string) bool { return strings.HasPrefix(key, with) }
	switch {
	case key == "peerType" && property.value == "participant": // as everybody
	case begins("admin."):
		if !p.admin {
			p.warn(property.line, "%s has no effect: there is no admin server", property.name())
		}
		p.admin = true
	case slices.ContainsFunc(impossible, begins) && property.value != "false":
		return errors.New("this is not supported, and cannot be left out")
	case slices.ContainsFunc(withoutUse, begins), slices.ContainsFunc(impossible, begins):
		p.warn(property.line, "%s has no effect here", property.name())
	default:
		p.warn(property.line, "the key %s is not known", property.name())
	}
	return nil
}

// server takes "host:peerPort[:electionPort][:role][;[clientAddress:]clientPort]".
func (p *configParser) server(number, value string) error {
	s := Server{}
	if err := parseInteger(number, 1, mostServerID, &s.ID); err != nil {
		return fmt.Errorf("a server's number: %w", err)
	}
	if strings.Contains(value, "|") {
		return errors.New("several addresses of one server are not supported")
	}
	peers, clients, hasClients := strings.Cut(value, ";")
	name, rest, err := cutHost(peers)
	if err != nil {
		return err
	}
	s.Host = name
	fields := strings.Split(rest, ":")
	if role := fields[len(fields)-1]; role == "observer" || role == "participant" {
		s.Observer = role == "observer"
		fields = fields[:len(fields)-1]
	}
	if len(fields) < 1 || len(fields) > 2 {
		return fmt.Errorf("%.100q is not host:peerPort:electionPort", value)
	}
	if err := parseInteger(fields[0], 1, 65535, &s.PeerPort); err != nil {
		return fmt.Errorf("the port for peers: %w", err)
	}
	if len(fields) == 2 {
		if err := parseInteger(fields[1], 1, 65535, &s.ElectionPort); err != nil {
			return fmt.Errorf("the port for elections: %w", err)
		}
	}
	if hasClients {
		if err := s.clients(clients); err != nil {
			return err
		}
	}
	p.config.Servers = slices.DeleteFunc(p.config.Servers, func(other Server) bool { return other.ID == s.ID })
	p.config.Servers = append(p.config.Servers, s)
	return nil
}

func (s *Server) clients(text string) error {
	text = strings.TrimSpace(text)
	if strings.Contains(text, ":") {
		var err error
		if s.ClientAddress, text, err = cutHost(text); err != nil {
			return err
		}
	}
	if err := parseInteger(text, 1, 65535, &s.ClientPort); err != nil {
		return fmt.Errorf("the port for clients: %w", err)
	}
	return nil
}

// cutHost cuts "host:rest"; an IPv6 address stands in brackets.
func cutHost(text string) (name, rest string, err error) {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "[") {
		end := strings.Index(text, "]:")
		if end < 0 {
			return "", "", fmt.Errorf("%.100q has no ] and port", text)
		}
		return text[1:end], text[end+2:], parseHost(text[1:end], &name)
	}
	found := false
	if name, rest, found = strings.Cut(text, ":"); !found {
		return "", "", fmt.Errorf("%.100q has no port", text)
	}
	return name, rest, parseHost(name, &name)
}

func (p *configParser) words(line int, value string) {
	p.config.Words = []string{}
	for word := range strings.SplitSeq(value, ",") {
		word = strings.TrimSpace(word)
		letters := strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") == ""
		if word != "*" && (len(word) != 4 || !letters) {
			p.warn(line, "%.40q is no four-letter word", word)
			continue
		}
		p.config.Words = append(p.config.Words, word)
	}
}

func parseInteger(text string, least, most int, into *int) error {
	digits, base := strings.TrimSpace(text), 10
	if hexadecimal, found := strings.CutPrefix(digits, "0x"); found {
		digits, base = hexadecimal, 16
	}
	number, err := strconv.ParseInt(digits, base, 64)
	if err != nil || number < int64(least) || number > int64(most) {
		return fmt.Errorf("%.60q is not a whole number from %d to %d", text, least, most)
	}
	*into = int(number)
	return nil
}

func parseMilliseconds(text string, least int, into *time.Duration) error {
	number := 0
	if err := parseInteger(text, least, mostNumber, &number); err != nil {
		return err
	}
	*into = time.Duration(number) * time.Millisecond
	return nil
}

func parseSwitch(text string, into *bool) error {
	switch strings.ToLower(text) {
	case "true", "yes":
		*into = true
	case "false", "no":
		*into = false
	default:
		return fmt.Errorf("%.60q is neither true nor false", text)
	}
	return nil
}

func parseFolder(text string, into *string) error {
	if text == "" || strings.Contains(text, "\x00") {
		return errors.New("a folder is wanted")
	}
	*into = text
	return nil
}

func parseHost(text string, into *string) error {
	if text == "" || strings.ContainsAny(text, " \t\r\n\x00;/[]") {
		return fmt.Errorf("%.100q is not the name or address of a host", text)
	}
	*into = text
	return nil
}
