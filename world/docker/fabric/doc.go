// Package fabric is the network of the world of containers: network namespaces, a TAP device in each,
// and a switch in this process that carries their Ethernet frames through the fault model of
// internal/link.
//
//	namespace of n1                  this process                       namespace of n2
//	 sockets ─ eth0 (TAP) ──▶ reader ─▶ link n1>n2 ─┬──────────┬──▶ (TAP) eth0 ─ sockets
//	                                    cut? lost?  └─ waits ──┘ └▶ capture (pcap)
//
// Nothing in a container takes part and nothing is set up outside the namespaces: no bridge, no firewall
// rule, no name. Devices and unnamed namespaces are held by file descriptors, so the system takes them
// away when this process ends, even by kill -9, and nothing stays cut.
//
// An endpoint's Ethernet address is made from its IPv4 address, and every endpoint is told all others',
// so there is no ARP. Only IPv4 packets between known endpoints are carried; anything else is counted
// and thrown away. What becomes of the n-th frame of a link is a function of the seed, the link's ends
// and n; which frame is the n-th is up to real systems and real time.
//
// Frames of a link arrive in order, but for those that a disturbance holds back and second copies of
// doubled ones. A frame that is due at once is written by the goroutine that read it; others wait in one
// heap, for a timer of the system's that is good to some ten microseconds, and may be cut there still.
//
// It needs Linux, CAP_NET_ADMIN, CAP_SYS_ADMIN and /dev/net/tun; Able says what is missing. Elsewhere it
// compiles, and says so.
//
// A map of the files: switch.go (Switch: endpoints come and go), endpoint.go (a device and its reader),
// path.go (a directed link and the frames on it), schedule.go (frames that wait), faults.go (cuts,
// disturbances, counters), frame.go (Ethernet and IPv4), capture.go (pcap), able.go (what a machine
// lacks); for Linux namespace_linux.go (network namespaces), dial_linux.go (connecting from inside one),
// tap_linux.go (devices), alarm_linux.go (the timer), able_linux.go (looking); other.go (other systems).
package fabric
