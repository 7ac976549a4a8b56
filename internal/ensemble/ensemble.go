package ensemble

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// Kind is what kind of server an ensemble is of.
type Kind string

// The kinds.
const (
	Cleave    Kind = "cleave"    // cleave node --system cpstore
	ZooKeeper Kind = "zookeeper" // Debian's package
)

// jar is where Debian's package has ZooKeeper; its manifest names all else that it needs.
const jar = "/usr/share/java/zookeeper.jar"

// Installed tells whether the real ZooKeeper can be started here.
func Installed() bool {
	_, err := os.Stat(jar)
	_, noJava := exec.LookPath("java")
	return err == nil && noJava == nil
}

// Options say what to start. Tick is ZooKeeper's tickTime; a session's least timeout is two of them.
type Options struct {
	Kind   Kind
	Size   int           // 1 is a standalone server
	Binary string        // of cleave
	Folder string        // for configurations, data and logs; must be there
	Tick   time.Duration // default 500 ms
	Extra  []string      // more lines for each zoo.cfg
}

// Ensemble is a number of servers. Its methods are not for concurrent use.
type Ensemble struct {
	options Options
	servers []*server
}

type server struct {
	number  int
	folder  string
	ports   ports
	command *exec.Cmd
	ended   chan struct{} // closed when the process is gone
	result  error
}

// Start writes configurations and starts all servers.
func Start(options Options) (*Ensemble, error) {
	if options.Tick == 0 {
		options.Tick = 500 * time.Millisecond
	}
	e := &Ensemble{options: options}
	found, err := freePorts(options.Size)
	if err != nil {
		return nil, err
	}
	for i := range options.Size {
		folder := filepath.Join(options.Folder, fmt.Sprintf("server-%d", i+1))
		e.servers = append(e.servers, &server{number: i + 1, folder: folder, ports: found[i]})
	}
	for i := range e.servers {
		if err := e.configure(e.servers[i]); err != nil {
			return nil, err
		}
	}
	for i := range e.servers {
		if err := e.Boot(i); err != nil {
			e.Close()
			return nil, err
		}
	}
	return e, nil
}

// Boot starts server i, from 0, on its former data.
func (e *Ensemble) Boot(i int) error {
	s := e.servers[i]
	log, err := os.OpenFile(filepath.Join(s.folder, "output.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	configuration := filepath.Join(s.folder, "zoo.cfg")
	if e.options.Kind == ZooKeeper {
		s.command = exec.Command("java", "-Dzookeeper.admin.enableServer=false", "-Dlog4j.configuration=file:"+filepath.Join(s.folder, "log4j.properties"),
			"-cp", s.folder+":"+jar, "org.apache.zookeeper.server.quorum.QuorumPeerMain", configuration)
	} else {
		s.command = exec.Command(e.options.Binary, "node", "--system", "cpstore", "--config", configuration)
	}
	s.command.Stdout, s.command.Stderr = log, log
	s.command.SysProcAttr = bound()
	if err := s.command.Start(); err != nil {
		return err
	}
	s.ended = make(chan struct{})
	go func(command *exec.Cmd, ended chan struct{}) {
		s.result = command.Wait()
		close(ended)
	}(s.command, s.ended)
	return nil
}

// Kill ends server i at once, as kill -9, and waits until it is gone.
func (e *Ensemble) Kill(i int) { e.signal(i, syscall.SIGKILL) }

// Stop asks server i to end, as SIGTERM, and waits until it is gone. It gives what the process ended
// with.
func (e *Ensemble) Stop(i int) error {
	e.signal(i, syscall.SIGTERM)
	return e.servers[i].result
}

func (e *Ensemble) signal(i int, signal syscall.Signal) {
	s := e.servers[i]
	if s.command == nil || s.command.Process == nil {
		return
	}
	_ = s.command.Process.Signal(signal) // it may be gone already
	select {
	case <-s.ended:
	case <-time.After(20 * time.Second):
		_ = s.command.Process.Kill()
		<-s.ended
	}
}

// Running tells whether the process of server i is there.
func (e *Ensemble) Running(i int) bool {
	select {
	case <-e.servers[i].ended:
		return false
	default:
		return true
	}
}

// Process is the process number of server i.
func (e *Ensemble) Process(i int) int { return e.servers[i].command.Process.Pid }

// Close kills all servers.
func (e *Ensemble) Close() {
	for i, s := range e.servers {
		if s.command != nil && s.ended != nil {
			e.Kill(i)
		}
	}
}

// Size is the number of servers.
func (e *Ensemble) Size() int { return len(e.servers) }

// Address is where server i takes clients.
func (e *Ensemble) Address(i int) string {
	return fmt.Sprintf("127.0.0.1:%d", e.servers[i].ports.client)
}

// Addresses are all of them.
func (e *Ensemble) Addresses() (addresses []string) {
	for i := range e.servers {
		addresses = append(addresses, e.Address(i))
	}
	return addresses
}

// Output is what server i has printed so far.
func (e *Ensemble) Output(i int) string {
	text, _ := os.ReadFile(filepath.Join(e.servers[i].folder, "output.log"))
	return string(text)
}

// Await waits until every running server serves, one of them as leader.
func (e *Ensemble) Await(ctx context.Context) error {
	for {
		serving, leaders := true, 0
		for i := range e.servers {
			if !e.Running(i) {
				continue
			}
			switch e.Mode(i) {
			case "leader", "standalone":
				leaders++
			case "follower":
			default:
				serving = false
			}
		}
		if serving && leaders == 1 {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), errors.New("the ensemble does not serve; the first server says: "+tail(e.Output(0))))
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func tail(text string) string {
	const most = 2000
	if len(text) > most {
		return text[len(text)-most:]
	}
	return text
}

// Leader is the number, from 0, of the server that leads, -1 if none says so.
func (e *Ensemble) Leader() int {
	for i := range e.servers {
		if mode := e.Mode(i); mode == "leader" || mode == "standalone" {
			return i
		}
	}
	return -1
}
