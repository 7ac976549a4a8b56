package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"cleave/systems/cpstore"
	"cleave/world/host"
)

// storeNode runs a node of the CP store.
func (s screen) storeNode(ctx context.Context, options nodeOptions) error {
	server, err := s.loadServer(options.config)
	if err != nil {
		return bad(err)
	}
	run, err := s.hostOptions(server, options)
	if err != nil {
		return bad(err)
	}
	if options.check {
		fmt.Fprintf(s.out, "%s is good: %s\n", options.config, server.identity())
		return nil
	}
	// A node that halts has a disk that failed. Its place is then better taken by its end, which somebody
	// will notice, than by a process that does nothing.
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	run.Notes = func(kind, detail string) {
		if kind == "halt" {
			end(halted(detail))
		}
	}
	err = host.Run(ctx, run)
	var why halted
	if errors.As(context.Cause(ctx), &why) {
		err = why
	}
	return server.failed(err)
}

// halted is what a node said last when its disk failed.
type halted string

func (h halted) Error() string { return "the node has halted: " + string(h) }

// server is a node of the CP store as its configuration has it.
type server struct {
	file   string
	config cpstore.Config
	id     int // 1 for one that stands alone and has no number
	nodes  []string
}

// loadServer reads the configuration and, in an ensemble, myid.
func (s screen) loadServer(file string) (*server, error) {
	text, err := configuration(file)
	if err != nil {
		return nil, err
	}
	config, warnings, err := cpstore.ParseConfig(file, text)
	for _, warning := range warnings {
		fmt.Fprintf(s.err, "cleave: warning: %s\n", warning)
	}
	if err != nil {
		return nil, err
	}
	v := &server{file: file, config: config, id: 1}
	for _, each := range config.Servers {
		if each.Observer {
			return nil, fmt.Errorf("%s: server.%d is an observer, which is not supported", file, each.ID)
		}
		v.nodes = append(v.nodes, nodeName(each.ID))
	}
	switch {
	case config.Ensemble():
		err = v.readMyID()
	case len(config.Servers) == 1:
		v.id = config.Servers[0].ID
	default:
		v.nodes = []string{nodeName(v.id)}
	}
	if _, err := os.Stat(filepath.Join(config.DataDir, "version-2")); err == nil {
		fmt.Fprintf(s.err, "cleave: warning: %s holds data of ZooKeeper's in version-2, which is not read\n", config.DataDir)
	}
	return v, err
}

func nodeName(id int) string { return "n" + strconv.Itoa(id) }

// readMyID finds out which server of the ensemble this is.
func (v *server) readMyID() error {
	file := filepath.Join(v.config.DataDir, "myid")
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s is missing: in an ensemble it holds this server's number, the N of its server.N in %s", file, v.file)
	}
	if err != nil {
		return err
	}
	if v.id, err = cpstore.ParseMyID(text); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if _, found := v.config.Server(v.id); !found {
		return fmt.Errorf("%s says %d, but there is no server.%d in %s", file, v.id, v.id, v.file)
	}
	return nil
}

func (v *server) name() string { return nodeName(v.id) }

// identity is what the data folders are marked with.
func (v *server) identity() string {
	return fmt.Sprintf("cpstore node %s of %s", v.name(), strings.Join(v.nodes, ","))
}

// folder keeps the node's files apart from those of a ZooKeeper that had the same configuration.
func folder(in string) string { return filepath.Join(in, "cleave") }

// hostOptions are what the configuration means for sockets and files.
func (s screen) hostOptions(v *server, flags nodeOptions) (host.Options, error) {
	c := &v.config
	address, port := c.ClientListen(v.id)
	process, err := flags.process(cpstore.System(c.Options(v.id)), v.name(), v.nodes)
	options := host.Options{
		Name:                 v.name(),
		Process:              process,
		Peers:                map[string]string{},
		ClientListen:         []string{net.JoinHostPort(address, strconv.Itoa(port))},
		MaxFrame:             c.MaxBuffer,
		MaxClientConnections: c.MaxClientCnxns,
		Words:                true,
		DataDir:              folder(c.DataDir),
		LogDir:               folder(c.DataLogDir),
		Identity:             v.identity(),
		SkipSync:             !c.ForceSync,
		Admin:                flags.admin,
		Log:                  s.err,
		Ready:                func(a host.Addresses) { s.listening(v, a) },
	}
	if !c.Ensemble() {
		return options, err
	}
	for _, each := range c.Servers {
		options.Peers[nodeName(each.ID)] = net.JoinHostPort(each.Host, strconv.Itoa(each.PeerPort))
	}
	options.PeerListen = options.Peers[v.name()]
	if c.ListenOnAllIPs {
		_, port, _ := net.SplitHostPort(options.PeerListen) // it was joined above
		options.PeerListen = ":" + port
	}
	return options, err
}

func (s screen) listening(v *server, a host.Addresses) {
	line := fmt.Sprintf("cpstore node %s: clients on %s", v.name(), strings.Join(a.Clients, " and "))
	if a.Peers != "" {
		line += ", peers on " + a.Peers
	}
	fmt.Fprintln(s.out, line)
}

// failed is the end of a node: what the user can mend in the configuration is told as that.
func (v *server) failed(err error) error {
	var listen *host.ListenError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, host.ErrForeign), errors.Is(err, host.ErrOptions):
		return bad(fmt.Errorf("%s: %w", v.file, err))
	case errors.As(err, &listen):
		where := v.file + ": clientPort"
		switch listen.Role {
		case "peers":
			where = fmt.Sprintf("%s: server.%d", v.file, v.id)
		case "admin":
			where = "--admin"
		}
		return broken(fmt.Errorf("%s: %w", where, err))
	}
	return broken(err)
}
