package apregistry

import (
	"encoding/binary"
	"errors"
)

// A message is a kind, the number that joins a response to its request, and a body. Numbers are
// varints, texts are a length and their bytes. Bytes that are no message cost the connection that they
// came over, and nothing else.
//
//	message  = kind number body
//	request  = action flags ( instance | key status stamp? | app | tasks )
//	response = code count instance* count response*

// kind tells requests from responses.
type kind uint8

const (
	kindRequest  kind = 'Q'
	kindResponse kind = 'R'
)

const (
	flagStamped    = 1
	flagReplicated = 2
)

// errBadMessage is all that is said of bytes that are no message: the other side is not to be trusted.
var errBadMessage = errors.New("apregistry: bad message")

func encodeRequest(number uint64, r *request) []byte {
	out := make([]byte, 0, 64+48*len(r.tasks))
	out = append(out, byte(kindRequest))
	out = binary.AppendUvarint(out, number)
	return appendRequest(out, r)
}

func encodeResponse(number uint64, r *response) []byte {
	out := make([]byte, 0, 32+48*len(r.instances)+8*len(r.results))
	out = append(out, byte(kindResponse))
	out = binary.AppendUvarint(out, number)
	return appendResponse(out, r)
}

func appendRequest(out []byte, r *request) []byte {
	flags := byte(0)
	if r.stamped {
		flags |= flagStamped
	}
	if r.replicated {
		flags |= flagReplicated
	}
	out = append(out, byte(r.action), flags)
	switch r.action {
	case actionRegister:
		return appendInstance(out, &r.instance)
	case actionGetApp:
		return appendText(out, r.key.app)
	case actionGetAll:
		return out
	case actionBatch:
		out = binary.AppendUvarint(out, uint64(len(r.tasks)))
		for i := range r.tasks {
			out = appendRequest(out, &r.tasks[i])
		}
		return out
	}
	out = appendText(out, r.key.app)
	out = appendText(out, r.key.id)
	out = append(out, byte(r.status))
	if r.stamped {
		out = binary.AppendVarint(out, r.dirty)
	}
	return out
}

func appendResponse(out []byte, r *response) []byte {
	out = binary.AppendUvarint(out, uint64(r.code))
	out = binary.AppendUvarint(out, uint64(len(r.instances)))
	for i := range r.instances {
		out = appendInstance(out, &r.instances[i])
	}
	out = binary.AppendUvarint(out, uint64(len(r.results)))
	for i := range r.results {
		out = appendResponse(out, &r.results[i])
	}
	return out
}

func appendInstance(out []byte, i *instance) []byte {
	out = appendText(out, i.app)
	out = appendText(out, i.id)
	out = append(out, byte(i.status), byte(i.overridden))
	out = binary.AppendVarint(out, i.value)
	return binary.AppendVarint(out, i.dirty)
}

func appendText(out []byte, text string) []byte {
	out = binary.AppendUvarint(out, uint64(len(text)))
	return append(out, text...)
}

// decoder reads a message from the front. After the first mistake everything it gives is zero and
// failed is set.
type decoder struct {
	rest   []byte
	failed bool
}

// header reads what precedes the body.
func (d *decoder) header() (kind, uint64) {
	k := kind(d.byte())
	if k != kindRequest && k != kindResponse {
		d.failed = true
	}
	return k, d.uvarint()
}

func decodeRequest(message []byte) (uint64, request, error) {
	d := decoder{rest: message}
	k, number := d.header()
	r := d.request(true)
	if d.failed || k != kindRequest || len(d.rest) > 0 {
		return 0, request{}, errBadMessage
	}
	return number, r, nil
}

func decodeResponse(message []byte) (uint64, response, error) {
	d := decoder{rest: message}
	k, number := d.header()
	r := d.response(true)
	if d.failed || k != kindResponse || len(d.rest) > 0 {
		return 0, response{}, errBadMessage
	}
	return number, r, nil
}

// request reads a request; a batch only where one may stand, never within a batch.
func (d *decoder) request(outer bool) request {
	r := request{action: action(d.byte())}
	flags := d.byte()
	r.stamped, r.replicated = flags&flagStamped != 0, flags&flagReplicated != 0
	if flags > flagStamped|flagReplicated || r.action == 0 || r.action >= actions || !outer && !r.action.replicable() {
		d.failed = true
	}
	if d.failed {
		return request{}
	}
	switch r.action {
	case actionRegister:
		r.instance = d.instance()
		r.key = r.instance.key
		return r
	case actionGetApp:
		r.key.app = d.text()
		return r
	case actionGetAll:
		return r
	case actionBatch:
		count := d.count(3)
		r.tasks = make([]request, 0, count)
		for range count {
			r.tasks = append(r.tasks, d.request(false))
		}
		return r
	}
	r.key = key{app: d.text(), id: d.text()}
	r.status = d.status()
	if r.stamped {
		r.dirty = d.varint()
	}
	return r
}

// response reads a response; results of a batch have no results of their own.
func (d *decoder) response(outer bool) response {
	r := response{code: int(d.uvarint())}
	if r.code < 100 || r.code > 599 {
		d.failed = true
	}
	if count := d.count(6); count > 0 {
		r.instances = make([]instance, 0, count)
		for range count {
			r.instances = append(r.instances, d.instance())
		}
	}
	if count := d.count(3); count > 0 {
		if !outer {
			d.failed = true
			return r
		}
		r.results = make([]response, 0, count)
		for range count {
			r.results = append(r.results, d.response(false))
		}
	}
	return r
}

func (d *decoder) instance() instance {
	return instance{
		key:        key{app: d.text(), id: d.text()},
		status:     d.status(),
		overridden: d.status(),
		value:      d.varint(),
		dirty:      d.varint(),
	}
}

func (d *decoder) status() status {
	s := status(d.byte())
	if s >= statuses {
		d.failed = true
		return unknown
	}
	return s
}

func (d *decoder) byte() byte {
	if len(d.rest) == 0 {
		d.failed = true
		return 0
	}
	first := d.rest[0]
	d.rest = d.rest[1:]
	return first
}

func (d *decoder) uvarint() uint64 {
	number, size := binary.Uvarint(d.rest)
	if size <= 0 {
		d.fail()
		return 0
	}
	d.rest = d.rest[size:]
	return number
}

func (d *decoder) varint() int64 {
	number, size := binary.Varint(d.rest)
	if size <= 0 {
		d.fail()
		return 0
	}
	d.rest = d.rest[size:]
	return number
}

// count reads how many elements follow. Each takes at least so many bytes, so a lying count allocates
// nothing.
func (d *decoder) count(least int) int {
	number := d.uvarint()
	if number > uint64(len(d.rest)/least) {
		d.fail()
		return 0
	}
	return int(number)
}

func (d *decoder) text() string {
	size := d.count(1)
	text := string(d.rest[:size])
	d.rest = d.rest[size:]
	return text
}

// fail gives up: nothing is left to read, so that loops end at once.
func (d *decoder) fail() { d.failed, d.rest = true, nil }
