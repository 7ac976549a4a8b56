package models_test

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/internal/golden"
	"cleave/models"
)

// TestScripts runs testdata/<model>.txt. A line is an operation and, behind a bar, the state after it, or
// "impossible":
//
//	c1 enqueue a          | 1 {0:a}
//	c1 dequeue = b        | impossible
//	c2 dequeue ?          | 1 {}
//
// It is the client, an interval such as @10-20 if time matters, the function, the key if the model has several,
// the argument if there is one, and "= result", nothing, or "?" for an unknown outcome. An empty line begins
// anew. Lines with "#" are comments.
func TestScripts(t *testing.T) {
	for _, name := range models.Names() {
		t.Run(name, func(t *testing.T) {
			model, known := models.Named(name)
			require.True(t, known)
			golden.Replay(t, filepath.Join("testdata", name+".txt"), func(text string) string {
				return runScript(t, model, strings.Split(strings.TrimRight(text, "\n"), "\n"))
			})
		})
	}
}

// runScript gives the file as it ought to be.
func runScript(t *testing.T, model models.Model, lines []string) string {
	var out strings.Builder
	state := model.Init()
	for _, line := range lines {
		asked, _, _ := strings.Cut(line, "|")
		switch {
		case line == "":
			state = model.Init()
			fallthrough
		case strings.HasPrefix(line, "#"):
			fmt.Fprintln(&out, line)
			continue
		}
		operation := readOperation(model, asked)
		require.NoError(t, model.Accepts(operation), line)
		possible, next := model.Step(state, operation)
		said := "impossible"
		if possible {
			state, said = next, next.String()
		}
		fmt.Fprintf(&out, "%-40s | %s\n", strings.TrimSpace(asked), said)
	}
	return out.String()
}

// readOperation reads the words of an operation.
func readOperation(model models.Model, text string) history.Operation {
	words := strings.Fields(strings.NewReplacer("[", " [ ", "]", " ] ").Replace(text))
	o := history.Operation{Client: words[0], Outcome: history.Ok}
	words = words[1:]
	if interval, timed := strings.CutPrefix(words[0], "@"); timed {
		from, to, _ := strings.Cut(interval, "-")
		o.Invoked, o.Completed = history.Time(number(from)), history.Time(number(to))
		words = words[1:]
	}
	o.Function, words = history.Function(words[0]), words[1:]
	if model.Whole && o.Function != history.Txn {
		o.Key, words = words[0], words[1:]
	}
	if len(words) > 0 && words[0] != "=" && words[0] != "?" {
		o.Argument, words = readValue(words)
	}
	if len(words) == 0 {
		return o
	}
	if words[0] == "?" {
		o.Outcome, o.Completed = history.Info, history.Forever
		return o
	}
	o.Result, _ = readValue(words[1:])
	return o
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}

// readValue reads nil, a number, a list in brackets, or a text; of texts ” is the empty one.
func readValue(words []string) (value history.Value, rest []string) {
	word := words[0]
	switch {
	case word == "nil":
		return history.Nothing, words[1:]
	case word == "''":
		return history.Text(""), words[1:]
	case word == "[":
		var list []history.Value
		for words = words[1:]; words[0] != "]"; {
			value, words = readValue(words)
			list = append(list, value)
		}
		return history.List(list...), words[1:]
	}
	if n, err := strconv.ParseInt(word, 10, 64); err == nil && strconv.FormatInt(n, 10) == word {
		return history.Integer(n), words[1:]
	}
	return history.Text(word), words[1:]
}
