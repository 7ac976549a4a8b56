package image_test

import (
	"fmt"
	"strings"

	"cleave/systems/image"
)

// A file, and what its second node is started with.
func ExampleParse() {
	file, err := image.Parse([]byte(`
name: theirs
guarantee: linearizable
image: theirs:1.2
node:
  port: 8080
  command: ["--id={{.Number}}", "--peers={{range .Others}}{{.Comma}}{{.Address}}:7000{{end}}"]
times: {boot: 10s, grace: 5s, recovery: 10s}
client: {maelstrom: {}}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	container := file.Deployment("", nil).Node("n2", image.SamplePlaces(3))
	fmt.Println(file.Image, strings.Join(container.Command, " "))
	_, err = image.Parse([]byte("name: theirs\nimge: theirs:1.2\n"))
	fmt.Println(err.Error()[:30])
	// Output:
	// theirs:1.2 --id=2 --peers=10.64.0.1:7000,10.64.0.3:7000
	// 2:1: unknown field "imge"; the
}
