package fabric

import (
	"encoding/binary"
	"net/netip"
)

// The layout of an Ethernet frame with an IPv4 packet in it (IEEE 802.3; RFC 791, section 3.1).
const (
	ethernetHeader  = 14
	leastIPHeader   = 20
	largestFrame    = ethernetHeader + 1500
	etherTypeIPv4   = 0x0800
	localUnicast    = 0x02 // first byte of an Ethernet address that nobody has assigned
	sourceOffset    = ethernetHeader + 12
	targetOffset    = ethernetHeader + 16
	etherTypeOffset = 12
)

// packet is what the switch wants to know of a frame.
type packet struct {
	from, to     [4]byte
	header, size int // of the IPv4 header, and of all of the packet, in bytes
}

// hardwareAddress is the Ethernet address of the endpoint with an IPv4 address: 02:00 and its bytes.
func hardwareAddress(address netip.Addr) [6]byte {
	a := address.As4()
	return [6]byte{localUnicast, 0, a[0], a[1], a[2], a[3]}
}

// parse reads a frame. It tells whether the frame carries a whole IPv4 packet and its Ethernet addresses
// are those that belong to the packet's; a broadcast is not such a one.
func parse(frame []byte) (packet, bool) {
	if len(frame) < ethernetHeader+leastIPHeader || len(frame) > largestFrame {
		return packet{}, false
	}
	p := packet{
		from:   [4]byte(frame[sourceOffset:]),
		to:     [4]byte(frame[targetOffset:]),
		header: 4 * int(frame[ethernetHeader]&0xf),
		size:   int(binary.BigEndian.Uint16(frame[ethernetHeader+2:])),
	}
	ok := binary.BigEndian.Uint16(frame[etherTypeOffset:]) == etherTypeIPv4 && frame[ethernetHeader]>>4 == 4 &&
		p.header >= leastIPHeader && p.size >= p.header && p.size <= len(frame)-ethernetHeader &&
		[6]byte(frame) == hardwareAddress(netip.AddrFrom4(p.to)) && [6]byte(frame[6:]) == hardwareAddress(netip.AddrFrom4(p.from))
	return p, ok
}

// damage turns over one bit of what the IPv4 packet carries, which the checksum of TCP, UDP or ICMP then
// gives away; in a packet that carries nothing, one of its header.
func damage(frame []byte, p packet, random uint64) {
	part := frame[ethernetHeader+p.header : ethernetHeader+p.size]
	if len(part) == 0 {
		part = frame[ethernetHeader : ethernetHeader+p.header]
	}
	bit := random % uint64(8*len(part))
	part[bit/8] ^= 1 << (bit % 8)
}
