package maelstrom

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/history"
)

// sayName answers with the node's name.
func sayName(p *player, line []byte) { p.reply(line, `"type":"echo_ok","echo":%q`, p.name) }

// A client asks the node beside it, and the next when that does not answer, until it is sent home.
func TestClientsMoveOn(t *testing.T) {
	s := newStage(t, "echo", 3, polite(sayName))
	s.ask(0.1, "c2", echoing)
	s.At(history.Time(2e8), func() { s.Kill("n2") })
	s.ask(0.3, "c2", echoing)
	s.ask(1.5, "c2", echoing)
	s.At(history.Time(16e8), func() { s.Restart("n2") })
	s.ask(2, "c2", echoing)
	s.ask(2.1, "c2", history.Request{Function: history.Home})
	s.ask(2.2, "c2", echoing)
	require.Equal(t, []string{
		"0.1s c2 echo ok n2 n2 ", "1.3s c2 echo info nil  timeout", "1.5s c2 echo ok n3 n3 ", "2.0s c2 echo ok n3 n3 ",
		"2.1s c2 home ok nil  ", "2.2s c2 echo ok n2 n2 "}, s.run(3).said)
	require.Empty(t, s.notes)
}

// Errors are certain or not, by their codes; after one that says that the node cannot serve, another is asked.
func TestErrors(t *testing.T) {
	codes := map[string]int{"n1": 11, "n2": 22, "n3": 13}
	s := newStage(t, "echo", 3, polite(func(p *player, line []byte) { p.reply(line, `"type":"error","code":%d,"text":"no"`, codes[p.name]) }))
	s.ask(0.1, "c1", echoing)
	s.ask(0.2, "c1", echoing)
	s.ask(0.3, "c1", echoing)
	require.Equal(t, []string{"0.1s c1 echo fail nil n1 temporarily-unavailable", "0.2s c1 echo fail nil n2 precondition-failed",
		"0.3s c1 echo fail nil n2 precondition-failed"}, s.run(1).said)
	codes = map[string]int{"n1": 13, "n2": 1234}
	s = newStage(t, "echo", 2, polite(func(p *player, line []byte) { p.reply(line, `"type":"error","code":%d`, codes[p.name]) }))
	s.ask(0.1, "c1", echoing)
	s.ask(0.2, "c2", echoing)
	require.Equal(t, []string{"0.1s c1 echo info nil n1 crash", "0.2s c2 echo info nil n2 error 1234"}, s.run(1).said)
}

// An answer that comes late, or twice, or to something else, is none; one that makes no sense is a breach of the protocol.
func TestStrangeAnswers(t *testing.T) {
	s := newStage(t, "echo", 2, polite(func(p *player, line []byte) {
		if p.name == "n2" {
			p.env.After(1500e6, func() { sayName(p, line) })
			return
		}
		p.print(`{"src":"n1","dest":"c1","body":{"type":"echo_ok","in_reply_to":99,"echo":"other"}}`)
		sayName(p, line)
		sayName(p, line)
	}))
	s.ask(0.1, "c1", echoing)
	s.ask(0.2, "c2", echoing)
	s.ask(1.3, "c2", echoing)
	require.Equal(t, []string{"0.1s c1 echo ok n1 n1 ", "1.2s c2 echo info nil  timeout", "1.3s c2 echo ok n1 n1 "}, s.run(3).said)
	require.Empty(t, s.notes)

	for body, note := range map[string]string{
		`"type":"echo"`:             `n1 answered echo with "{\"in_reply_to\":1,\"type\":\"echo\"}"`,
		`"type":"error"`:            `n1 answered echo with "{\"in_reply_to\":1,\"type\":\"error\"}": an error has a "code"`,
		`"type":7`:                  `n1 sent a body that is neither a call nor an answer`,
		`"typ":"echo_ok","echo":""`: `it has no "type"`,
	} {
		s := newStage(t, "echo", 1, polite(func(p *player, line []byte) { p.reply(line, "%s", body) }))
		s.ask(0.1, "c1", echoing)
		said := s.run(3).said
		require.Len(t, said, 1)
		require.Contains(t, said[0], "echo info nil")
		require.Len(t, s.notes, 1, body)
		require.Equal(t, [2]string{"c1", breachNote}, [2]string{s.notes[0].Node, s.notes[0].Kind})
		require.Contains(t, s.notes[0].Detail, note)
	}
}
