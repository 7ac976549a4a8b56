package byhand

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Misplaced is an error in a document, with line and column from 1.
type Misplaced struct {
	Line, Column int
	Cause        error
}

// Error says where and what.
func (m Misplaced) Error() string { return fmt.Sprintf("%d:%d: %v", m.Line, m.Column, m.Cause) }

// At makes an error about a part of a document. It is Misplaced.
func At(node *yaml.Node, format string, values ...any) error {
	return Misplaced{max(node.Line, 1), max(node.Column, 1), fmt.Errorf(format, values...)}
}

// Parse reads a document, alone in its file, which is one of what, such as a schedule. An error is Misplaced.
func Parse(text []byte, what string) (*yaml.Node, error) {
	var document, more yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	if err := decoder.Decode(&document); errors.Is(err, io.EOF) || err == nil && len(document.Content) == 0 {
		return nil, Misplaced{1, 1, errors.New("the file is empty")}
	} else if err != nil {
		return nil, syntaxError(err)
	}
	if err := decoder.Decode(&more); err == nil {
		return nil, At(&more, "something follows the end: one file is one %s", what)
	} else if !errors.Is(err, io.EOF) {
		return nil, syntaxError(err)
	}
	return document.Content[0], nil
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

func syntaxError(err error) error {
	found, line := yamlLine.FindStringSubmatch(err.Error()), 1
	if len(found) > 1 && found[1] != "" {
		line, _ = strconv.Atoi(found[1])
	}
	return Misplaced{line, 1, errors.New("not YAML: " + yamlLine.ReplaceAllString(strings.ReplaceAll(err.Error(), "\n", " "), ""))}
}

// Shape says what a part of a document is.
func Shape(node *yaml.Node) string {
	switch {
	case node.Kind == yaml.MappingNode:
		return "fields with values"
	case node.Kind == yaml.SequenceNode:
		return "a list"
	case node.Kind == yaml.AliasNode:
		return "an alias, which is not read here"
	case node.ShortTag() == "!!null":
		return "nothing"
	}
	return fmt.Sprintf("%.40q", node.Value)
}

// Yes reads true or false.
func Yes(node *yaml.Node) (bool, error) {
	if node.Kind != yaml.ScalarNode || node.ShortTag() != "!!bool" {
		return false, At(node, "true or false is wanted here, not %s", Shape(node))
	}
	return strings.EqualFold(node.Value, "true"), nil
}
