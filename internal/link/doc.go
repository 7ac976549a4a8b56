// Package link is the fault model of a network: what becomes of each message on a directed link. Both
// worlds ask it, the simulated one for its messages and the one of containers for Ethernet frames.
//
//	n1 ──Transmit──▶ cut? lost? damaged? ── bandwidth ── latency ── held back? twice? ──▶ n2
//
// Every decision about the n-th message of a link is a function of the seed, the link's ends and n
// alone, so that a fault taken away moves nothing else. Bandwidth alone depends on what was sent before.
//
// The owner of a link carries the messages, and keeps them in turn: what would arrive earlier than a
// message before it waits for that, unless Reorder holds it back. A stream is above all that, as TCP is: it
// is late where messages are lost, and never doubled or out of order.
//
// A map of the files: link.go (a link, its cuts, disturbances and counts), quality.go (latency, loss
// and so on, as data).
package link
