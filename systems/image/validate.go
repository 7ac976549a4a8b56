package image

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"path"
	"regexp"
	"slices"
	"strings"

	"cleave/history"
	"cleave/world"
)

var namePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$`)

// validate tells what in a file cannot be, or does not go together.
func (f File) validate() error {
	if !namePattern.MatchString(f.Name) {
		return wrong{"name", fmt.Errorf("%.60q; a system is called by letters, digits, dots and dashes, 60 at most", f.Name)}
	}
	if f.Image == "" || strings.ContainsAny(f.Image, " \t\n") {
		return wrong{"image", fmt.Errorf("%.60q is no name of an image", f.Image)}
	}
	if err := f.Node.validate(); err != nil {
		return err
	}
	if _, err := f.Ready.compile(); err != nil {
		return wrong{"ready", err}
	}
	if f.Leader != nil {
		if _, err := f.Leader.compile(); err != nil {
			return wrong{"leader", err}
		}
	}
	if err := f.Renders(3); err != nil {
		return err
	}
	return f.Client.validate()
}

func (n Node) validate() error {
	if err := checkPort(n.Port); err != nil || n.Port == 0 {
		return wrong{"node.port", fmt.Errorf("%d; a port is 1 to 65535", n.Port)}
	}
	if n.Data != "" && (!path.IsAbs(n.Data) || path.Clean(n.Data) != n.Data || n.Data == "/") {
		return wrong{"node.data", fmt.Errorf("%.60q; a folder is named from the root, such as /data", n.Data)}
	}
	for i, file := range n.Files {
		if !path.IsAbs(file.Path) {
			return wrong{fmt.Sprintf("node.files.%d.path", i), fmt.Errorf("%.60q does not begin with /", file.Path)}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(n.Environment)) {
		if name == "" || strings.ContainsAny(name, "=\x00") {
			return wrong{"node.environment." + name, fmt.Errorf("%.60q is no name of a variable", name)}
		}
	}
	return nil
}

func checkPort(port int) error {
	if port > 65535 {
		return fmt.Errorf("port: %d; a port is 1 to 65535", port)
	}
	return nil
}

// Renders tries the templates of nodes, and of programs beside them, with a number of nodes. Parse has tried three. An
// error names the field.
func (f File) Renders(nodes int) error {
	places := SamplePlaces(nodes)
	for _, node := range places.Nodes {
		if _, err := f.container(node, places); err != nil {
			return err
		}
		if f.Client.Program == nil {
			continue
		}
		if _, _, err := f.commandLine("c1", node, places); err != nil {
			return err
		}
	}
	return nil
}

// SamplePlaces are the places of a run with a number of nodes, and a client c1, as a world of containers has them.
func SamplePlaces(nodes int) world.Places {
	places := world.Places{Addresses: map[string]netip.Addr{"c1": netip.AddrFrom4([4]byte{10, 64, 1, 1})}}
	for i := range nodes {
		name := fmt.Sprintf("n%d", i+1)
		places.Nodes = append(places.Nodes, name)
		places.Addresses[name] = netip.AddrFrom4([4]byte{10, 64, 0, byte(i + 1)})
	}
	return places
}

func (c Client) validate() error {
	ways := 0
	for _, said := range []bool{c.HTTP != nil, c.Program != nil, c.Maelstrom != nil, c.ZooKeeper != nil, c.Eureka != nil} {
		if said {
			ways++
		}
	}
	switch {
	case ways != 1:
		return wrong{"client", errors.New("one way to speak is wanted: http, program, maelstrom, zookeeper or eureka")}
	case c.Connect > c.Timeout:
		return wrong{"client.connect", fmt.Errorf("%s is longer than the whole operation may take, %s", c.Connect, c.Timeout)}
	case c.HTTP != nil:
		_, err := c.HTTP.compile()
		return err
	case c.Program != nil && (len(c.Program.Run) == 0 || c.Program.Run[0] == ""):
		return wrong{"client.program.run", errors.New("a program is wanted")}
	case c.Eureka != nil && !strings.HasPrefix(c.Eureka.Path, "/"):
		return wrong{"client.eureka.path", fmt.Errorf("%.60q does not begin with /", c.Eureka.Path)}
	case c.Eureka != nil && c.Eureka.Scale > 1000:
		return wrong{"client.eureka.scale", fmt.Errorf("%d; it must be 1 to 1000", c.Eureka.Scale)}
	}
	return nil
}

// Homebound tells whether a client asks the node beside it alone.
func (f File) Homebound() bool {
	return f.Client.Nodes == "own" && f.Client.ZooKeeper == nil && f.Client.Eureka == nil // they look for another
}

// Lacks are those of some functions that the client cannot be asked, in order.
func (f File) Lacks(asked []history.Function) []history.Function {
	var can func(history.Function) bool
	switch c := f.Client; {
	case c.HTTP != nil:
		can = func(function history.Function) bool { _, said := c.HTTP.Functions[string(function)]; return said }
	case c.Maelstrom != nil:
		can = func(function history.Function) bool {
			return slices.Contains([]history.Function{history.Read, history.Write, history.CAS}, function)
		}
	default: // they say so themselves
		can = func(history.Function) bool { return true }
	}
	var lacking []history.Function
	for _, function := range asked {
		if function != history.Home && !can(function) && !slices.Contains(lacking, function) {
			lacking = append(lacking, function)
		}
	}
	slices.Sort(lacking)
	return lacking
}
