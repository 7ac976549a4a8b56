package zkscript

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// step is a line of a script, with the lines of its block if it is a multi.
type step struct {
	text       string // as written, for the transcript; the block included
	connection string // "" for a step of all
	words      []word
	block      [][]word
	keep       string // the variable for the answer's zxid, "" for none
}

// word is a part of a line: a value, or a key and its value.
type word struct{ key, value string }

var (
	connectionName = regexp.MustCompile(`^[a-z]+[0-9]+$`)
	keyed          = regexp.MustCompile(`^([a-zA-Z]+)=(.*)$`)
)

// parse splits a script into steps. Comments and empty lines are steps without words.
func parse(script string) (steps []step, err error) {
	var open *step
	for number, line := range strings.Split(strings.TrimRight(script, "\n"), "\n") {
		words, err := split(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number+1, err)
		}
		last := len(words) - 1
		switch {
		case open != nil:
			open.text += "\n" + line
			if last == 0 && words[0].value == "}" {
				open = nil
			} else {
				open.block = append(open.block, words)
			}
			continue
		case last < 0:
			steps = append(steps, step{text: line})
			continue
		}
		s := step{text: line, words: words}
		if connectionName.MatchString(words[0].value) {
			s.connection, s.words = words[0].value, words[1:]
		}
		if n := len(s.words); n > 2 && s.words[n-2].value == "->" {
			s.keep, s.words = s.words[n-1].value, s.words[:n-2]
		}
		if len(s.words) == 0 {
			return nil, fmt.Errorf("line %d: a step without a verb", number+1)
		}
		opens := s.words[len(s.words)-1] == word{value: "{"}
		if opens {
			s.words = s.words[:len(s.words)-1]
		}
		steps = append(steps, s)
		if opens {
			open = &steps[len(steps)-1]
		}
	}
	if open != nil {
		return nil, fmt.Errorf("a block without its end: %s", open.text)
	}
	return steps, nil
}

// split takes a line apart at blanks. A value in double quotes is read as Go reads it.
func split(line string) (words []word, err error) {
	rest := strings.TrimSpace(line)
	if strings.HasPrefix(rest, "#") {
		return nil, nil
	}
	for rest != "" {
		var w word
		bare, _, _ := strings.Cut(rest, " ")
		if found := keyed.FindStringSubmatch(bare); found != nil {
			w.key = found[1]
			rest = rest[len(w.key)+1:]
		}
		w.value, _, _ = strings.Cut(rest, " ")
		if strings.HasPrefix(rest, `"`) {
			quoted, err := strconv.QuotedPrefix(rest)
			if err != nil {
				return nil, fmt.Errorf("%w: %s", err, rest)
			}
			if w.value, err = strconv.Unquote(quoted); err != nil {
				return nil, fmt.Errorf("%w: %s", err, quoted)
			}
			rest = rest[len(quoted):]
		} else {
			rest = rest[len(w.value):]
		}
		words = append(words, w)
		rest = strings.TrimLeft(rest, " \t")
	}
	return words, nil
}
