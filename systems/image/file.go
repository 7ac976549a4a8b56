package image

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// File describes a system in containers: what its image is started with, when it serves, who leads, what it
// promises, and how a client speaks to it. The tags are its syntax in YAML and JSON: doc and sample go into the
// Schema, need says that a field cannot be left out, enum which words there are.
type File struct {
	Name      string   `json:"name" need:"yes" doc:"What the system is called, in reports and in names of folders: letters, digits, dots and dashes."`
	Summary   string   `json:"summary,omitzero" doc:"One sentence for reports."`
	Guarantee string   `json:"guarantee" need:"yes" enum:"linearizable,CP,AP" doc:"What it promises, see docs/image.md."`
	Quorum    string   `json:"quorum,omitzero" enum:"majority,one" doc:"Of nodes that must reach each other; left out: one for AP, else a majority."`
	Workloads []string `json:"workloads,omitzero" doc:"What clients can be made to do; left out: register."`
	Image     string   `json:"image" need:"yes" doc:"The container image, which the engine must have: nothing is pulled."`
	Version   string   `json:"version,omitzero" doc:"What the image holds, for people."`
	Node      Node     `json:"node" need:"yes" doc:"How a node's container is started."`
	Ready     Probe    `json:"ready,omitzero" doc:"Tells when a node serves. Left out: when its port takes a connection."`
	Leader    *Leader  `json:"leader,omitzero" doc:"Tells whether a node leads, for faults that are aimed at the leader. Left out: nobody is known to lead."`
	Times     Times    `json:"times" need:"yes" doc:"How long it may take."`
	Client    Client   `json:"client" need:"yes" doc:"How it is spoken to."`
}

// Node is how a node's container is started. The text of entrypoint, command, environment and files is made by
// templates, in which {{.Name}}, {{.Number}}, {{.Address}} and {{.Port}} are the node's own, and .Nodes are all and
// .Others the others, with the same fields each.
type Node struct {
	Entrypoint  []string          `json:"entrypoint,omitzero" doc:"What runs, instead of the image's own entry point."`
	Command     []string          `json:"command,omitzero" doc:"The arguments that follow it; left out, the image's own, or none after an entrypoint of yours."`
	User        string            `json:"user,omitzero" doc:"Who it runs as, such as 0, instead of the image's own."`
	Environment map[string]string `json:"environment,omitzero" doc:"Variables, added to the image's."`
	Files       []Content         `json:"files,omitzero" doc:"Files that are there before the start; those below the data folder before the first start only."`
	Data        string            `json:"data,omitzero" doc:"The folder that outlives a kill; all else is lost. Left out: /data."`
	Memory      Size              `json:"memory,omitzero" doc:"What the container may use at most, such as 512MB."`
	Port        int               `json:"port" need:"yes" doc:"Where clients are served."`
}

// Content is a file in a node's container.
type Content struct {
	Path    string `json:"path" need:"yes" doc:"Where it is: an absolute path."`
	Content string `json:"content" need:"yes" doc:"What is in it: a template."`
}

// Probe is a question that is put to a node on its own loopback address, which no fault disturbs.
type Probe struct {
	Port   int       `json:"port,omitzero" doc:"Where; left out, where clients are served."`
	Method string    `json:"method,omitzero" doc:"Of the request; left out, GET."`
	Path   string    `json:"path,omitzero" doc:"What is asked for over HTTP. Left out: nothing is asked, a connection is enough."`
	Body   string    `json:"body,omitzero" doc:"What is sent along."`
	When   Condition `json:"when,omitzero" doc:"What the answer must be; left out, any of status 2xx."`
}

// Leader is a probe that tells who leads.
type Leader struct {
	Probe Probe    `json:"probe" need:"yes" doc:"The node leads if the answer is as it says."`
	Term  *Extract `json:"term,omitzero" doc:"Where in the answer the term is that it leads, a number: with it, that no term has two leaders is promised."`
}

// Condition is what an answer over HTTP must be. All that is said must hold.
type Condition struct {
	Status  string `json:"status,omitzero" doc:"Its status, such as 200, 4xx, or several with commas."`
	At      string `json:"at,omitzero" doc:"A JSON pointer (RFC 6901), such as /kvs/0, at which something must be."`
	Missing string `json:"missing,omitzero" doc:"A JSON pointer at which nothing must be, in an answer that is JSON."`
	Equals  string `json:"equals,omitzero" doc:"What must be at the pointer, or the whole answer, as text."`
	Same    string `json:"same,omitzero" doc:"A JSON pointer at which the same must be as at the other."`
	Matches string `json:"matches,omitzero" doc:"A regular expression that must match what is at the pointer, or the whole answer."`
}

// Extract is where something is in an answer.
type Extract struct {
	At      string `json:"at,omitzero" doc:"A JSON pointer (RFC 6901); left out, it is the whole answer."`
	Base64  bool   `json:"base64,omitzero" doc:"It is written in base64."`
	Matches string `json:"matches,omitzero" doc:"A regular expression, of which the first group is taken, or the whole."`
}

// Times are how long a system may take.
type Times struct {
	Boot     Duration `json:"boot" need:"yes" doc:"Until a node serves, from the start of its container."`
	Grace    Duration `json:"grace" need:"yes" doc:"How long after a change of connections a client may go unserved, from when it next asks."`
	Recovery Duration `json:"recovery" need:"yes" doc:"Until all nodes agree again, after the last fault."`
	Ghost    Duration `json:"ghost,omitzero" doc:"Of a registry: how long the dead may be listed after the last fault."`
	Notice   Duration `json:"notice,omitzero" doc:"Of a registry: until every list shows a change."`
}

// Client is how the system is spoken to, in one of five ways.
type Client struct {
	Nodes     string     `json:"nodes,omitzero" enum:"own,any" doc:"Whom a client asks: the node beside it alone, if left out, or others too."`
	Connect   Duration   `json:"connect,omitzero" doc:"How long a connection may take; left out, 500ms."`
	Timeout   Duration   `json:"timeout,omitzero" doc:"How long an operation may take; left out, 2s."`
	HTTP      *HTTP      `json:"http,omitzero" doc:"By requests over HTTP, of which each operation is one."`
	Program   *Program   `json:"program,omitzero" doc:"By a program that reads operations as lines of JSON, and writes what became of them."`
	Maelstrom *Maelstrom `json:"maelstrom,omitzero" doc:"By Maelstrom's messages for lin-kv, as lines of JSON over TCP."`
	ZooKeeper *ZooKeeper `json:"zookeeper,omitzero" doc:"By ZooKeeper's protocol."`
	Eureka    *Eureka    `json:"eureka,omitzero" doc:"By Eureka's REST interface."`
}

// HTTP maps operations to requests.
type HTTP struct {
	Headers   map[string]string `json:"headers,omitzero" doc:"Of every request: templates."`
	Functions map[string]Call   `json:"functions" need:"yes" doc:"What each function of the workload asks, such as read, write and cas."`
	Answers   []Answer          `json:"answers,omitzero" doc:"What answers mean that the function's own list says nothing about."`
}

// Call is one function over HTTP. Path, headers and body are templates, in which {{.Key}}, {{.Value}}, {{.Expected}}
// and {{.Absent}} are the operation's.
type Call struct {
	Method  string            `json:"method,omitzero" doc:"Of the request; left out, GET."`
	Path    string            `json:"path" need:"yes" doc:"A template of what is asked for."`
	Headers map[string]string `json:"headers,omitzero" doc:"Templates."`
	Body    string            `json:"body,omitzero" doc:"A template."`
	Answers []Answer          `json:"answers,omitzero" doc:"What answers mean: the first that fits. With none, 2xx is ok and all else unknown."`
	Value   *Extract          `json:"value,omitzero" doc:"Where in an answer that is ok the value is."`
	Version *Extract          `json:"version,omitzero" doc:"Where the number of the state is that it answers from, for reports."`
}

// Answer is what an answer means.
type Answer struct {
	When  Condition `json:"when,omitzero" doc:"Which answers; left out, all."`
	Is    string    `json:"is" need:"yes" enum:"ok,nothing,fail,info" doc:"It happened; it did and found no value; it certainly did not happen; nobody knows."`
	Error string    `json:"error,omitzero" doc:"Why not; \"value differs\" and \"not found\" count as answers of a system that serves."`
}

// Program is a client of somebody's own.
type Program struct {
	Run         []string          `json:"run" need:"yes" doc:"The program, from the file's folder if it has a slash, and its arguments: templates."`
	Environment map[string]string `json:"environment,omitzero" doc:"Variables, added to the harness's: templates."`
}

// Maelstrom is Maelstrom's protocol over TCP.
type Maelstrom struct{}

// ZooKeeper is its protocol.
type ZooKeeper struct{}

// Eureka is its REST interface.
type Eureka struct {
	Path  string `json:"path,omitzero" doc:"Where it begins; left out, /eureka."`
	Scale int    `json:"scale,omitzero" doc:"What the times of clients are divided by, 30 s between heartbeats and so on; left out, 30."`
}

// Duration is a time, as time.ParseDuration reads it.
type Duration time.Duration

// String is the time with its unit.
func (d Duration) String() string { return time.Duration(d).String() }

// MarshalJSON writes it as it is read.
func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }

func (d *Duration) read(text string) error {
	parsed, err := time.ParseDuration(text)
	if err != nil || parsed <= 0 || parsed > 24*time.Hour {
		return fmt.Errorf("a time is written with its unit, such as 1.5s, and is more than nothing, not %.40q", text)
	}
	*d = Duration(parsed)
	return nil
}

// Size is a number of bytes.
type Size int64

// units of a Size, the longer ones first.
var units = []struct {
	name  string
	bytes int64
}{{"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1}}

// String is the size with its unit.
func (s Size) String() string {
	for _, unit := range slices.Backward(units[:3]) {
		if s != 0 && int64(s)%unit.bytes == 0 {
			return strconv.FormatInt(int64(s)/unit.bytes, 10) + unit.name
		}
	}
	return strconv.FormatInt(int64(s), 10) + "B"
}

// MarshalJSON writes it as it is read.
func (s Size) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

func (s *Size) read(text string) error {
	for _, unit := range units {
		number, found := strings.CutSuffix(text, unit.name)
		if !found {
			continue
		}
		count, err := strconv.ParseInt(number, 10, 64)
		if err != nil || count <= 0 || count > 1<<50/unit.bytes {
			break
		}
		*s = Size(count * unit.bytes)
		return nil
	}
	return fmt.Errorf("a size is written 512MB or 1GB, not %.40q", text)
}

// Load reads a file. An error says file, line and column.
func Load(path string) (File, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return File{}, err
	}
	f, err := Parse(text)
	if err != nil {
		return File{}, fmt.Errorf("%s:%w", path, err)
	}
	return f, nil
}

// Times and counts that a file may leave out.
const (
	usualConnect = 500 * time.Millisecond
	usualTimeout = 2 * time.Second
	usualScale   = 30
)

// fully is the file with what it leaves out, but for what means nothing by being left out.
func (f File) fully() File {
	if f.Quorum == "" && f.Guarantee != "AP" {
		f.Quorum = "majority"
	}
	f.Quorum = cmp.Or(f.Quorum, "one")
	if len(f.Workloads) == 0 {
		f.Workloads = []string{"register"}
	}
	f.Summary = cmp.Or(f.Summary, f.Name+", from the image "+f.Image)
	f.Ready.Port = cmp.Or(f.Ready.Port, f.Node.Port)
	f.Client.Nodes = cmp.Or(f.Client.Nodes, "own")
	f.Client.Connect = cmp.Or(f.Client.Connect, Duration(usualConnect))
	f.Client.Timeout = cmp.Or(f.Client.Timeout, Duration(usualTimeout))
	if f.Leader != nil {
		leader := *f.Leader
		leader.Probe.Port = cmp.Or(leader.Probe.Port, f.Node.Port)
		f.Leader = &leader
	}
	if f.Client.Eureka != nil {
		f.Client.Eureka = &Eureka{Path: cmp.Or(f.Client.Eureka.Path, "/eureka"), Scale: cmp.Or(f.Client.Eureka.Scale, usualScale)}
	}
	return f
}
