package image

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"

	"cleave/world"
)

// placeData is a node, as templates of containers and programs see it.
type placeData struct {
	Name    string
	Number  int // from 1
	Address string
	Port    int    // where clients are served
	Comma   string // "," but for the first of a list
}

// nodeData is what templates of a node's container, or of a client beside it, see.
type nodeData struct {
	placeData
	Client        string // of a program's templates alone
	Nodes, Others []placeData
}

// callData is what templates of a request see.
type callData struct {
	Key, Value, Expected string
	Absent               bool   // a cas expects that there is nothing
	Client, Node         string // who asks whom
}

// dataOf is what the templates of a node see.
func dataOf(name string, places world.Places, port int) nodeData {
	var data nodeData
	for i, node := range places.Nodes {
		place := placeData{Name: node, Number: i + 1, Address: places.Addresses[node].String(), Port: port}
		if node == name {
			data.placeData = place
		} else {
			data.Others = append(data.Others, place)
		}
		data.Nodes = append(data.Nodes, place)
	}
	for _, list := range [][]placeData{data.Nodes, data.Others} {
		for i := range list[min(1, len(list)):] {
			list[i+1].Comma = ","
		}
	}
	return data
}

// functions are those of templates.
var functions = template.FuncMap{
	"base64": func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) },
	"url":    url.QueryEscape,
	"json": func(text string) (string, error) {
		quoted, err := json.Marshal(text)
		return string(quoted), err
	},
}

// words is a template of a text.
type words struct{ *template.Template }

// parseWords reads a template. It must not call others, and a loop is over a list and has no other in it: what it
// makes cannot get out of hand.
func parseWords(text string) (words, error) {
	parsed, err := template.New("it").Option("missingkey=error").Funcs(functions).Parse(text)
	if err != nil {
		return words{}, errors.New(strings.TrimPrefix(err.Error(), "template: it:"))
	}
	if len(parsed.Templates()) > 1 || parsed.Tree == nil && text != "" {
		return words{}, errors.New("a template cannot define others")
	}
	if parsed.Tree == nil {
		return words{parsed}, nil
	}
	return words{parsed}, tame(parsed.Root, false)
}

// tame tells what a template must not have.
func tame(node parse.Node, looped bool) error {
	switch n := node.(type) {
	case *parse.ListNode:
		if n == nil {
			return nil
		}
		for _, each := range n.Nodes {
			if err := tame(each, looped); err != nil {
				return err
			}
		}
	case *parse.IfNode:
		return errors.Join(tame(n.List, looped), tame(n.ElseList, looped))
	case *parse.WithNode:
		return errors.Join(tame(n.List, looped), tame(n.ElseList, looped))
	case *parse.RangeNode:
		if looped || !slices.Contains([]string{".Nodes", ".Others"}, lastWord(n.Pipe)) {
			return errors.New("a range is over .Nodes or .Others, and has no other range in it")
		}
		return errors.Join(tame(n.List, true), tame(n.ElseList, looped))
	case *parse.TemplateNode:
		return errors.New("a template cannot call another")
	}
	return nil
}

// lastWord is what a pipeline of one word is about.
func lastWord(pipe *parse.PipeNode) string {
	if len(pipe.Cmds) != 1 || len(pipe.Cmds[0].Args) != 1 {
		return ""
	}
	return pipe.Cmds[0].Args[0].String()
}

// mostText bounds what a template makes, in bytes.
const mostText = 1 << 20

// makeText makes the text. T is what the template may see of: nodeData or callData.
func makeText[T nodeData | callData](w words, data T) (string, error) {
	var out bounded
	if err := w.Execute(&out, data); err != nil {
		return "", errors.New(strings.TrimPrefix(err.Error(), "template: it:"))
	}
	return out.String(), nil
}

// bounded is a text that does not grow beyond a bound.
type bounded struct{ strings.Builder }

// Write takes what there is room for.
func (b *bounded) Write(text []byte) (int, error) {
	if b.Len()+len(text) > mostText {
		return 0, fmt.Errorf("it makes more than %d bytes", mostText)
	}
	return b.Builder.Write(text)
}

var _ io.Writer = (*bounded)(nil)
