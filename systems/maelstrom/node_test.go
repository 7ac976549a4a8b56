package maelstrom

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
)

// A program is greeted first, at each boot, and is handed nothing else before it has answered.
func TestGreeting(t *testing.T) {
	var lines []string
	s := newStage(t, broadcast, 3, script(func(p *player, line []byte) {
		if p.name != "n2" {
			return
		}
		lines = append(lines, string(line))
		switch {
		case strings.Contains(string(line), `"init"`):
			p.env.After(500*time.Millisecond, func() { p.reply(line, `"type":"init_ok"`) })
		case strings.Contains(string(line), `"topology"`):
			p.reply(line, `"type":"topology_ok"`)
		default:
			p.reply(line, `"type":"read_ok","messages":[]`)
		}
	}))
	s.ask(0.1, "c2", history.Request{Function: history.Read})
	s.At(history.Time(time.Second), func() { s.Kill("n2"); s.Restart("n2") })
	require.Equal(t, []string{"0.5s c2 read ok [] n2 "}, s.run(2).said)
	greetings := []string{
		`{"src":"c0","dest":"n2","body":{"type":"init","msg_id":1,"node_id":"n2","node_ids":["n1","n2","n3"]}}`,
		`{"src":"c0","dest":"n2","body":{"type":"topology","msg_id":2,"topology":{"n1":["n2","n3"],"n2":["n1"],"n3":["n1"]}}}`,
	}
	read := `{"src":"c2","dest":"n2","body":{"msg_id":1,"type":"read"}}`
	require.Equal(t, append(append(greetings[:2:2], read), greetings...), lines)
	require.Empty(t, s.notes, "n1 and n3 still have time")
	s.run(12)
	require.Equal(t, []history.Note{{Node: "n1", Kind: breachNote, Detail: `it has not said "init_ok" within 10s`},
		{Node: "n3", Kind: breachNote, Detail: `it has not said "init_ok" within 10s`}}, s.notes)
}

// What a program says that makes no sense, or in another's name, is noted with the line, not too often, and harms nobody.
func TestBreaches(t *testing.T) {
	for line, note := range map[string]string{
		`hello`:                                    `line 2 of its output is no message, "hello": it is no JSON object: invalid character 'h'`,
		`{"src":"n1","dest":"n9","body":{}}`:       `line 2 of its output is to "n9", whom nobody knows: "{\"src\":\"n1\",\"dest\":\"n9\",\"body\":{}}"`,
		`{"src":"n1","dest":"c01","body":{}}`:      `whom nobody knows`,
		`{"src":"n2","dest":"c1","body":{}}`:       `line 2 of its output says that it is from "n2": "{\"src\":\"n2\",\"dest\":\"c1\",\"body\":{}}"`,
		`{"src":"n1","dest":"n1"}`:                 `it has no "body"`,
		`{"src":1,"dest":"n1","body":{}}`:          `its "src" is no string`,
		`{"src":"n1","dest":"n1","body":{}} {}`:    `it is no JSON object`,
		`{"src":"n1","Dest":"n1","body":{}}`:       `it has a field "Dest"`,
		``:                                         `it is no JSON object`,
		`{"src":"n1","dest":"c0","body":{"type":1`: `unexpected end`,
	} {
		s := newStage(t, "echo", 1, polite(func(p *player, asked []byte) {
			for range 5 {
				p.print("%s", line)
			}
			sayName(p, asked)
		}))
		s.ask(0.1, "c1", echoing)
		require.Equal(t, []string{"0.1s c1 echo ok n1 n1 "}, s.run(1).said)
		require.Len(t, s.notes, mostBreaches)
		require.Equal(t, [2]string{"n1", breachNote}, [2]string{s.notes[0].Node, s.notes[0].Kind})
		require.Contains(t, s.notes[0].Detail, note)
	}
}

// A greeting that is answered wrongly is a breach, and the program never takes part.
func TestWrongGreeting(t *testing.T) {
	s := newStage(t, "echo", 1, script(func(p *player, line []byte) { p.reply(line, `"type":"error","code":12`) }))
	s.ask(0.1, "c1", echoing)
	require.Equal(t, []string{"1.1s c1 echo info nil  timeout"}, s.run(2).said)
	require.Equal(t, `it was to answer "init_ok" and said "{\"in_reply_to\":1,\"type\":\"error\",\"code\":12}"`, s.notes[0].Detail)
}

// A program that ends is noted, and started again a second later; one that a limit ended is not.
func TestExits(t *testing.T) {
	s := newStage(t, "echo", 1, polite(func(p *player, line []byte) {
		if p.env.Elapsed() < time.Second {
			p.Ended("exited with status 2: no idea", false)
			return
		}
		sayName(p, line)
	}))
	s.ask(0.1, "c1", echoing)
	s.ask(1.2, "c1", echoing)
	require.Equal(t, []string{"1.1s c1 echo info nil  timeout", "1.2s c1 echo ok n1 n1 "}, s.run(2).said)
	require.Equal(t, []history.Note{{Node: "n1", Kind: exitNote, Detail: "exited with status 2: no idea"},
		{Node: "n1", Kind: haltNote, Detail: "exited with status 2: no idea"}}, s.notes)

	s = newStage(t, "echo", 1, polite(func(p *player, _ []byte) { p.Ended("flooded: 100 MB in a second", true) }))
	for second := range 3 {
		s.ask(float64(second)*2+0.1, "c1", echoing)
	}
	require.Len(t, s.run(10).said, 3)
	require.Equal(t, []history.Note{{Node: "n1", Kind: exitNote, Detail: "flooded: 100 MB in a second"}}, s.notes)
}
