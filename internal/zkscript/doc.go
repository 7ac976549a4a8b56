// Package zkscript plays scripts of raw requests against a server that speaks ZooKeeper's protocol,
// and writes down what it answered, so that two servers can be compared: the transcript has names in
// place of ids and times.
//
//	transcript, err := zkscript.Run(ctx, "127.0.0.1:2181", text)
//
// A script has one step a line. A step is of a connection, which a name and a number call, or of all:
//
//	c1 connect timeout=4000
//	c1 create /a data="one two" flags=1 acl=world:anyone:31;digest:me:hash=:1 -> made
//	c2 connect session=c1 password=c1 seen=made+1
//	c1 expect-close
//	c2 multi {
//	  setData /a data=x
//	  check /a version=1
//	}
//	sleep 1500ms
//	keep 70s
//	word ruok
//
// Steps of a connection: connect, drop (hang up without a word), expect-close, expect-text (all bytes
// until the server hangs up), receive (one more answer), raw (a payload in hexadecimal), bytes (what
// is not even a frame), op (an operation's number and no body), and the operations under ZooKeeper's
// names; request.go has their words. "send" before a request does not wait for the answer, "cut=3"
// leaves off its last three bytes, "xid=5" gives it a number, "-> name" keeps the zxid of the answer
// for later steps.
//
// "keep" is a sleep in which every connection pings. "word" sends a four-letter word; with "shape"
// behind it, only what each line is about is written down.
//
// In a transcript each step is followed by what came: events, in their order among the replies, and
// replies, with the code and the fields of the body. Zxids that a Stat shows or that a write made are
// z1, z2 and so on in order of size; another is named after the greatest of those that is not above
// it, for servers may differ in the transactions that change no znode. Sessions are s1, s2, their
// passwords p1, p2, in order of appearance; a time is "t" if it is near the present. Lists that have
// no order are sorted.
//
// A line "config key=value" asks for a server with that line in its zoo.cfg: Config gives them. A line
// "by-hand" says that the transcript is written by hand, "slow" that it takes a minute: ByHand, Slow.
//
// A map of the files: run.go (Run, the steps and what is written down of them), parse.go (lines to
// steps), greeting.go (connect), request.go (words to requests), connection.go (one socket), names.go
// (names for ids), show.go (answers as text), golden.go (transcripts in files).
package zkscript
