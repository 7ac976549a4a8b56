package apregistry

import (
	"encoding/binary"
	"slices"
)

// outbox is where a process writes its messages. Small ones share memory: a message is handed over when it
// is sent, and never changed afterwards.
type outbox struct{ room []byte }

// The sizes of memory that is shared, and of messages that share it, in bytes.
const (
	sharedRoom  = 2048
	mostSharing = 512
)

func (o *outbox) request(number uint64, r *request) []byte {
	out := header(o.begin(r.size()), kindRequest, number)
	return o.end(appendRequest(out, r))
}

func (o *outbox) response(number uint64, r *response) []byte {
	if r.bytes == nil {
		return o.end(appendResponse(header(o.begin(r.size()), kindResponse, number), r))
	}
	if len(*r.bytes) == 0 {
		*r.bytes = appendResponse(slices.Grow(*r.bytes, r.size()), r)
	}
	out := header(o.begin(mostHeader+len(*r.bytes)), kindResponse, number)
	return o.end(append(out, *r.bytes...))
}

// mostHeader is how long a header is at most.
const mostHeader = 1 + binary.MaxVarintLen64

func header(out []byte, k kind, number uint64) []byte {
	return binary.AppendUvarint(append(out, byte(k)), number)
}

// begin gives memory for a message that is expected to have a size.
func (o *outbox) begin(size int) []byte {
	switch {
	case size > mostSharing:
		return make([]byte, 0, size)
	case size > cap(o.room):
		o.room = make([]byte, 0, sharedRoom)
	}
	return o.room
}

// end takes the memory of a message, if it is shared, from what is left of it.
func (o *outbox) end(message []byte) []byte {
	size := len(message)
	if size <= cap(o.room) && &message[0] == &o.room[:1][0] {
		o.room = o.room[size:size]
	}
	return message[:size:size]
}
