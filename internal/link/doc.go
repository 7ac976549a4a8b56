// Package link is the fault model of a network: what becomes of each message on a directed link. Both
// worlds ask it, the simulated one for its messages and the one of containers for Ethernet frames.
//
//	n1 ──Transmit──▶ cut? lost? damaged? ── bandwidth ── latency ── held back? twice? ──▶ n2
//
// Every decision about the n-th message of a link is a function of the seed, the link's ends and n
// alone, so that a fault taken away moves nothing else. Links are first in, first out: what arrives
// earlier than a message before it waits for that, unless it was held back by Reorder.
//
// A map of the files: link.go (a link, its cuts, disturbances and counts), quality.go (latency, loss
// and so on, as data).
package link
