package byhand_test

import (
	"fmt"

	"cleave/internal/byhand"
)

func Example() {
	node, err := byhand.Parse([]byte("seed: 7\n"), "schedule")
	fmt.Println(node.Content[1].Value, err)
	fmt.Println(byhand.At(node.Content[1], "that is %s", byhand.Shape(node)))
	_, err = byhand.Parse([]byte("seed: 7\n---\nseed: 8\n"), "schedule")
	fmt.Println(err)
	_, err = byhand.Parse([]byte("seed: [7"), "schedule")
	fmt.Println(err)
	text, err := byhand.Schema{Type: byhand.Kinds{"object"}, Additional: &byhand.Additional{}}.Text("Anything")
	fmt.Println(string(text), err)
	// Output:
	// 7 <nil>
	// 1:7: that is fields with values
	// 2:1: something follows the end: one file is one schedule
	// 1:1: not YAML: did not find expected ',' or ']'
	// {
	//   "$schema": "https://json-schema.org/draft/2020-12/schema",
	//   "title": "Anything",
	//   "type": "object",
	//   "additionalProperties": false
	// }
	//  <nil>
}
