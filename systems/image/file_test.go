package image

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What cannot be read is told with line, column and what would do.
func TestFilesThatCannotBeRead(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "1:1: the file is empty"},
		{"no YAML", "name: [", "1:1: not YAML: "},
		{"two", small(plainHTTP) + "---\nname: x\n", "something follows the end"},
		{"unknown field", small(plainHTTP, "image:", "imag:"), `3:1: unknown field "imag"; there are: name, summary, guarantee`},
		{"unknown field inside", small(plainHTTP, "boot: 5s", "boots: 5s"), `5:9: unknown field "boots" of times; there are: boot, grace`},
		{"missing", small(plainHTTP, "image: theirs:1\n", ""), "1:1: image is not said"},
		{"missing inside", small(plainHTTP, "grace: 5s, ", ""), "5:8: grace is not said of times"},
		{"twice", small(plainHTTP, "image: theirs:1", "name: again"), "3:1: name is said twice"},
		{"no unit", small(plainHTTP, "boot: 5s", "boot: 5"), `5:15: a time is written with its unit, such as 1.5s, and is more than nothing, not "5"`},
		{"no time", small(plainHTTP, "boot: 5s", "boot: 0s"), "5:15: a time is written with its unit"},
		{"guarantee", small(plainHTTP, "guarantee: linearizable", "guarantee: always"), `2:12: guarantee: "always"; there are: linearizable, CP, AP`},
		{"port", small(plainHTTP, "port: 80", "port: 70000"), "4:14: node.port: 70000; a port is 1 to 65535"},
		{"no number", small(plainHTTP, "port: 80", "port: http"), `4:14: a whole number from 0 is wanted here, not "http"`},
		{"size", small(plainHTTP, "port: 80", "port: 80, memory: 512"), `4:26: a size is written 512MB or 1GB, not "512"`},
		{"template", small(plainHTTP, "port: 80", `port: 80, command: ["{{.Adress}}"]`), "4:28: node.command.0: 1:2: executing"},
		{"no template", small(plainHTTP, "port: 80", `port: 80, command: ["ok", "{{.Name"]`), "4:34: node.command.1: 1: unclosed action"},
		{"endless", small(plainHTTP, "port: 80", `port: 80, command: ["{{range 99999999}}x{{end}}"]`), "a range is over .Nodes or .Others"},
		{"deep", small(plainHTTP, "port: 80", `port: 80, command: ["{{range .Nodes}}{{range $.Nodes}}x{{end}}{{end}}"]`), "has no other range in it"},
		{"defines", small(plainHTTP, "port: 80", `port: 80, command: ['{{define "a"}}x{{end}}']`), "a template cannot define others"},
		{"alias", small(plainHTTP, "port: 80", "port: &p 80"), "4:14: anchors and aliases are not read here"},
		{"no way", small("{nodes: own}"), "7:3: client: one way to speak is wanted: http, program, maelstrom, zookeeper or eureka"},
		{"two ways", small("{maelstrom: {}, zookeeper: {}}"), "client: one way to speak is wanted"},
		{"pointer", small(plainHTTP, "value: {}", "value: {at: kvs}"), "7:100: client.http.functions.read.value: at: \"kvs\"; a JSON pointer begins with /"},
		{"escape", small(plainHTTP, "value: {}", "value: {at: /a~2}"), "value: at: \"/a~2\"; in a JSON pointer ~ is written ~0"},
		{"expression", small(plainHTTP, "value: {}", "value: {matches: '('}"), "client.http.functions.read.value: matches: error parsing regexp"},
		{"status", small(plainHTTP, "value: {}", "value: {}, answers: [{when: {status: 20}, is: ok}]"),
			`client.http.functions.read.answers.0.when: status: "20"; a status is written 200 or 2xx`},
		{"outcome", small(plainHTTP, "value: {}", "answers: [{is: okay}]"), `is: "okay"; there are: ok, nothing, fail, info`},
		{"path", small(plainHTTP, `"/{{.Key}}"`, `"{{.Key}}"`), `client.http.functions.read: path: "x" does not begin with /`},
		{"blind read", small(plainHTTP, ", value: {}", ""), "client.http.functions.read: value is not said"},
		{"blind cas", small(plainHTTP, "read:", "cas:"), "client.http.functions.cas: it does not say what is asked when nothing is expected: {{if .Absent}}"},
		{"patience", small(plainHTTP, "connect: 200ms", "connect: 2s"), "client.connect: 2s is longer than the whole operation may take, 300ms"},
		{"leader", small(plainHTTP, "times:", "leader: {probe: {}}\ntimes:"), "5:9: leader: probe: a path is wanted"},
		{"name", small(plainHTTP, "name: theirs", "name: ../theirs"), `1:7: name: "../theirs"; a system is called by letters`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse([]byte(c.text))
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "\n")
		})
	}
	_, err := Load(filepath.Join(t.TempDir(), "absent.yaml"))
	require.ErrorIs(t, err, os.ErrNotExist)
	path := filepath.Join(t.TempDir(), "it.yaml")
	require.NoError(t, os.WriteFile(path, []byte("name: [}"), 0o644))
	_, err = Load(path)
	require.ErrorContains(t, err, "it.yaml:1:1: not YAML")
}

// What a plan keeps of a file, as JSON, is the whole file.
func TestAFileIsKeptWhole(t *testing.T) {
	for _, f := range []File{etcd(t), parsed(t, small(plainHTTP)), parsed(t, small("{program: {run: [./it]}}")), parsed(t, small("{eureka: {}}"))} {
		text, err := json.Marshal(f)
		require.NoError(t, err)
		again, err := Parse(text)
		require.NoError(t, err, "%s", text)
		require.Equal(t, f, again)
	}
}

// What is left out.
func TestDefaults(t *testing.T) {
	f := parsed(t, small("{maelstrom: {}}"))
	require.Equal(t, "majority", f.Quorum)
	require.Equal(t, []string{"register"}, f.Workloads)
	require.Equal(t, "theirs, from the image theirs:1", f.Summary)
	require.Equal(t, Client{Nodes: "own", Connect: Duration(usualConnect), Timeout: Duration(usualTimeout), Maelstrom: &Maelstrom{}}, f.Client)
	require.True(t, f.Homebound())
	require.Equal(t, "one", parsed(t, small("{maelstrom: {}}", "linearizable", "AP")).Quorum)
}

// A node's container, with its peers.
func TestContainers(t *testing.T) {
	f := parsed(t, small("{maelstrom: {}}", "port: 80", `
  port: 80
  data: /var/lib/theirs
  user: 0
  entrypoint: [/bin/theirs]
  command: ["--id={{.Number}}", "--peers={{range .Others}}{{.Comma}}{{.Name}}@{{.Address}}:{{.Port}}{{end}}"]
  environment: {ME: "{{.Name}}", LEVEL: 3}
  files: [{path: /etc/theirs.conf, content: "{{range $i, $n := .Nodes}}{{$i}}={{$n.Name}}\n{{end}}"}]
`, "node: {", "node:", "}\ntimes", "times"))
	c := f.Deployment("", nil).Node("n2", SamplePlaces(3))
	require.Equal(t, []string{"/bin/theirs"}, c.Entrypoint)
	require.Equal(t, []string{"--id=2", "--peers=n1@10.64.0.1:80,n3@10.64.0.3:80"}, c.Command)
	require.Equal(t, []string{"LEVEL=3", "ME=n2"}, c.Environment)
	require.Equal(t, "0=n1\n1=n2\n2=n3\n", string(c.Files[0].Content))
	require.Equal(t, "0", c.User)
	require.Equal(t, "/var/lib/theirs", c.Folder())
}

// A template that does not do with so few nodes is told before they are made; what is asked can be looked at.
func TestRendersAndSamples(t *testing.T) {
	f := parsed(t, small("{maelstrom: {}}", "port: 80", `port: 80, command: ["{{(index .Others 0).Name}}"]`))
	require.NoError(t, f.Renders(2))
	require.ErrorContains(t, f.Renders(1), "node.command.0: ")
	require.Empty(t, f.Samples())
	require.Equal(t, []Sample{
		{"read x", "GET /x"},
		{"write x 7", `PUT /x "7"`},
	}, parsed(t, small(mapped)).Samples())
	require.Contains(t, etcd(t).Samples(), Sample{"write x 7", `POST /v3/kv/put {"key": "eA==", "value": "Nw=="}`})
	require.Len(t, etcd(t).Samples(), 4, "a cas expects nothing, or something")
}

// The schema knows every field, and is the file that the documentation has.
func TestSchema(t *testing.T) {
	text, err := Schema()
	require.NoError(t, err)
	path := filepath.Join("..", "..", "docs", "image.schema.json")
	if *rewrite {
		require.NoError(t, os.WriteFile(path, text, 0o644))
	}
	kept, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(kept), string(text), "go test ./systems/image -run TestSchema -rewrite-schema")
	require.True(t, json.Valid(text))
	require.Equal(t, 1, strings.Count(string(text), `"grace"`+": {"))
}
