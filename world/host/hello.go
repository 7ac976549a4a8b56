package host

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"slices"
	"time"

	"cleave/internal/rng"
)

// Limits of a hello.
const (
	maxName  = 255
	maxHello = 1024
)

// helloMagic begins every hello. Its last byte is the version of what nodes say to each other.
const helloMagic = "cleave\x00\x01"

// hello is the first message on a connection between nodes, one from each side, the dialler's first.
type hello struct {
	cluster uint64 // what the nodes must have in common, hashed
	from    string
	to      string
	refusal string // why the connection will not do, "" if it will; in the answer only
}

// clusterHash is of the names of all nodes and of Options.Cluster.
func clusterHash(peers map[string]string, common string) uint64 {
	var names []string
	for name := range peers {
		names = append(names, name)
	}
	slices.Sort(names)
	hash := rng.Text(common)
	for _, name := range names {
		hash = rng.Mix(hash, rng.Text(name))
	}
	return hash
}

func (h *hello) append(out []byte) []byte {
	out = append(out, helloMagic...)
	out = binary.BigEndian.AppendUint64(out, h.cluster)
	for _, text := range []string{h.from, h.to, h.refusal} {
		text = text[:min(len(text), maxName)]
		out = append(out, byte(len(text)))
		out = append(out, text...)
	}
	return out
}

var errHello = errors.New("it does not speak the protocol of nodes, or another version of it")

func decodeHello(data []byte) (hello, error) {
	const fixed = len(helloMagic) + 8
	if len(data) < fixed || string(data[:len(helloMagic)]) != helloMagic {
		return hello{}, errHello
	}
	h := hello{cluster: binary.BigEndian.Uint64(data[len(helloMagic):])}
	data = data[fixed:]
	for _, field := range []*string{&h.from, &h.to, &h.refusal} {
		if len(data) == 0 || len(data) < 1+int(data[0]) {
			return hello{}, errHello
		}
		end := 1 + int(data[0])
		*field, data = string(data[1:end]), data[end:]
	}
	if len(data) != 0 {
		return hello{}, errHello
	}
	return h, nil
}

func writeHello(socket net.Conn, h hello) error {
	payload := h.append(nil)
	_, err := socket.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(payload))), payload...))
	return err
}

// readHello reads one hello and not a byte more.
func readHello(socket io.Reader) (hello, error) {
	var header [frameHeader]byte
	if _, err := io.ReadFull(socket, header[:]); err != nil {
		return hello{}, err
	}
	length := binary.BigEndian.Uint32(header[:])
	if length > maxHello {
		return hello{}, errHello
	}
	payload := make([]byte, length)
	if _, err := io.ReadFull(socket, payload); err != nil {
		return hello{}, err
	}
	return decodeHello(payload)
}

// introduce is the dialler's part.
func (h *host) introduce(socket net.Conn, to string) error {
	_ = socket.SetDeadline(time.Now().Add(helloLimit))
	if err := writeHello(socket, hello{cluster: h.cluster, from: h.options.Name, to: to}); err != nil {
		return err
	}
	answer, err := readHello(socket)
	switch {
	case err != nil:
		return err
	case answer.refusal != "":
		return errors.New("it refuses: " + answer.refusal)
	case answer.from != to || answer.to != h.options.Name || answer.cluster != h.cluster:
		return errors.New("it is " + answer.from)
	}
	return socket.SetDeadline(time.Time{})
}

// meet is the acceptor's part. It gives the name of the node that connected.
func (h *host) meet(socket net.Conn) (string, error) {
	_ = socket.SetDeadline(time.Now().Add(helloLimit))
	heard, err := readHello(socket)
	if err != nil {
		return "", err
	}
	answer := hello{cluster: h.cluster, from: h.options.Name, to: heard.from, refusal: h.objection(&heard)}
	if err := writeHello(socket, answer); err != nil {
		return "", err
	}
	if answer.refusal != "" {
		return "", errors.New("it says it is " + heard.from + ": " + answer.refusal)
	}
	return heard.from, socket.SetDeadline(time.Time{})
}

func (h *host) objection(heard *hello) string {
	_, known := h.options.Peers[heard.from]
	switch {
	case heard.to != h.options.Name:
		return "this is " + h.options.Name + ", not " + heard.to
	case !known || heard.cluster != h.cluster:
		return "it belongs to another cluster, or its list of servers is another"
	}
	return ""
}
