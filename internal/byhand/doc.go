// Package byhand has what files have in common that people write by hand in YAML: they are read strictly, errors say line and
// column, and a JSON Schema lets editors complete and check them.
//
//	node, err := byhand.Parse([]byte("seed: 7"), "schedule")
//	node.Content[1].Value                                           // "7"
//	byhand.At(node.Content[1], "that is %s", byhand.Shape(node))    // 1:7: that is fields with values
//
// A map of the files: document.go (Parse, At and what documents are made of), schema.go (Schema).
package byhand
