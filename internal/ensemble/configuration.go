package ensemble

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
)

// ports are what one server listens on.
type ports struct{ client, peer, election int }

// freePorts finds ports that nobody listens on at present, for a number of servers. All are held until all
// are found, so that they differ.
func freePorts(servers int) ([]ports, error) {
	found := make([]ports, servers)
	for i := range found {
		for _, port := range []*int{&found[i].client, &found[i].peer, &found[i].election} {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return nil, err
			}
			defer listener.Close()
			*port = listener.Addr().(*net.TCPAddr).Port
		}
	}
	return found, nil
}

// quiet keeps ZooKeeper's log to what went wrong.
const quiet = `log4j.rootLogger=WARN, CONSOLE
log4j.appender.CONSOLE=org.apache.log4j.ConsoleAppender
log4j.appender.CONSOLE.layout=org.apache.log4j.PatternLayout
log4j.appender.CONSOLE.layout.ConversionPattern=%d{ISO8601} %-5p %c{1} %m%n
`

// configure writes a server's zoo.cfg and myid, the same for both kinds.
func (e *Ensemble) configure(s *server) error {
	data := filepath.Join(s.folder, "data")
	if err := os.MkdirAll(data, 0o755); err != nil {
		return err
	}
	var text strings.Builder
	fmt.Fprintf(&text, "tickTime=%d\ninitLimit=20\nsyncLimit=5\ndataDir=%s\nclientPort=%d\n"+
		"clientPortAddress=127.0.0.1\nmaxClientCnxns=0\n4lw.commands.whitelist=*\n", e.options.Tick.Milliseconds(), data, s.ports.client)
	for _, line := range e.options.Extra {
		fmt.Fprintln(&text, line)
	}
	if len(e.servers) > 1 {
		for _, other := range e.servers {
			fmt.Fprintf(&text, "server.%d=127.0.0.1:%d:%d\n", other.number, other.ports.peer, other.ports.election)
		}
	}
	for name, content := range map[string]string{
		filepath.Join(s.folder, "zoo.cfg"):          text.String(),
		filepath.Join(s.folder, "log4j.properties"): quiet,
		filepath.Join(data, "myid"):                 fmt.Sprintln(s.number),
	} {
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}
