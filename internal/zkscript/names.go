package zkscript

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// names has the names of what differs from run to run.
type names struct {
	zxids     []int64 // those that get names; sorted at the end
	sessions  map[int64]string
	passwords map[string]string
	kept      map[string]int64 // the script's variables
}

func newNames() *names {
	return &names{sessions: map[int64]string{}, passwords: map[string]string{}, kept: map[string]int64{}}
}

// mark is a zxid in a transcript that is not finished: its name is known when all zxids are.
var mark = regexp.MustCompile("\x01(-?[0-9]+)\x02")

// zxid shows a zxid that a Stat holds or a write made: it gets a name.
func (n *names) zxid(zxid int64) string {
	n.zxids = append(n.zxids, zxid)
	return n.near(zxid)
}

// near shows a zxid that gets no name of its own.
func (n *names) near(zxid int64) string { return fmt.Sprintf("\x01%d\x02", zxid) }

// finish puts the names into a transcript. What is not above 0 is no transaction and stays.
func (n *names) finish(transcript string) string {
	known := slices.DeleteFunc(slices.Clone(n.zxids), func(zxid int64) bool { return zxid <= 0 })
	slices.Sort(known)
	known = slices.Compact(known)
	return mark.ReplaceAllStringFunc(transcript, func(text string) string {
		number := strings.Trim(text, "\x01\x02")
		zxid, err := strconv.ParseInt(number, 10, 64)
		if err != nil || zxid <= 0 {
			return number
		}
		rank, found := slices.BinarySearch(known, zxid)
		if found {
			rank++
		}
		return fmt.Sprintf("z%d", rank)
	})
}

// open gives a session and its password their names.
func (n *names) open(id int64, password []byte) (session, secret string) {
	if n.sessions[id] == "" {
		n.sessions[id] = fmt.Sprintf("s%d", len(n.sessions)+1)
	}
	key := string(password)
	if n.passwords[key] == "" {
		n.passwords[key] = fmt.Sprintf("p%d", len(n.passwords)+1)
	}
	return n.sessions[id], fmt.Sprintf("%s(%d bytes)", n.passwords[key], len(password))
}

// session shows an id in a Stat.
func (n *names) session(id int64) string {
	if name, known := n.sessions[id]; known {
		return name
	}
	if id == 0 {
		return "0"
	}
	return fmt.Sprintf("0x%x", id)
}

// when shows milliseconds since 1970.
func (n *names) when(milliseconds int64) string {
	if off := time.Since(time.UnixMilli(milliseconds)); off > -time.Hour && off < time.Hour {
		return "t"
	}
	return strconv.FormatInt(milliseconds, 10)
}

// number reads a zxid in a step: a number, a variable, or a variable and a difference.
func (n *names) number(text string) (int64, error) {
	if number, err := strconv.ParseInt(text, 0, 64); err == nil {
		return number, nil
	}
	name, difference := text, int64(0)
	if at := strings.IndexAny(text, "+-"); at > 0 {
		var err error
		if difference, err = strconv.ParseInt(text[at:], 10, 64); err != nil {
			return 0, err
		}
		name = text[:at]
	}
	zxid, known := n.kept[name]
	if !known {
		return 0, fmt.Errorf("no step has kept %q", name)
	}
	return zxid + difference, nil
}
