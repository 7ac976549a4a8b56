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
//	request  = action flags have? ( instance | key status overridden? stamp? | name | metadata | tasks | summaries )
//	response = code parts ( version delta hash )? count instance* count response* figures? ages? message?
//	instance = app id status overridden value dirty ( change, whether more ) more?

// kind tells requests from responses.
type kind uint8

const (
	kindRequest  kind = 'Q'
	kindResponse kind = 'R'
)

// The flags of a request.
const (
	flagStamped = 1 << iota
	flagReplicated
	flagHave
	flagOverridden
	flags // one more than all of them
)

// The parts that a response may have.
const (
	partVersion = 1 << iota
	partFigures
	partAges
	partMessage
	parts // one more than all of them
)

// errBadMessage is all that is said of bytes that are no message: the other side is not to be trusted.
var errBadMessage = errors.New("apregistry: bad message")

func encodeRequest(number uint64, r *request) []byte {
	return appendRequest(header(make([]byte, 0, r.size()), kindRequest, number), r)
}

func encodeResponse(number uint64, r *response) []byte {
	return appendResponse(header(make([]byte, 0, r.size()), kindResponse, number), r)
}

// size is about how many bytes a request takes, and rather too many.
func (r *request) size() int { return 64 + len(r.bytes) + 48*len(r.tasks) + 48*len(r.summaries) }

// size is about how many bytes a response takes, and rather too many.
func (r *response) size() int { return 32 + 48*len(r.instances) + 8*len(r.results) }

func appendRequest(out []byte, r *request) []byte {
	if r.bytes != nil {
		return append(out, r.bytes...)
	}
	out = append(out, byte(r.action), r.flags())
	if r.have != 0 {
		out = binary.AppendUvarint(out, r.have)
	}
	switch r.action {
	case actionRegister:
		return appendInstance(out, &r.instance)
	case actionGetApp, actionGetVIP, actionGetSecureVIP:
		return appendText(out, r.key.app)
	case actionGetByID:
		return appendText(out, r.key.id)
	case actionGetAll, actionGetDelta, actionFigures:
		return out
	case actionBatch:
		out = binary.AppendUvarint(out, uint64(len(r.tasks)))
		for i := range r.tasks {
			out = appendRequest(out, &r.tasks[i])
		}
		return out
	case actionExchange:
		return appendSummaries(out, r.summaries)
	}
	return appendKeyed(out, r)
}

func (r *request) flags() byte {
	flags := byte(0)
	for flag, set := range [...]bool{r.stamped, r.replicated, r.have != 0, r.overridden != unknown} {
		if set {
			flags |= 1 << flag
		}
	}
	return flags
}

// appendKeyed writes what changes or reads one instance.
func appendKeyed(out []byte, r *request) []byte {
	out = appendText(out, r.key.app)
	out = appendText(out, r.key.id)
	out = append(out, byte(r.status))
	if r.overridden != unknown {
		out = append(out, byte(r.overridden))
	}
	if r.stamped {
		out = binary.AppendVarint(out, r.dirty)
	}
	if r.action == actionSetMetadata {
		out = appendPairs(out, r.metadata)
	}
	return out
}

func appendSummaries(out []byte, summaries []summary) []byte {
	out = binary.AppendUvarint(out, uint64(len(summaries)))
	for i := range summaries {
		s := &summaries[i]
		out = appendText(out, s.key.app)
		out = appendText(out, s.key.id)
		out = binary.AppendVarint(out, s.dirty)
		out = binary.AppendVarint(out, s.age)
		out = append(out, byte(s.status), truth(s.gone))
	}
	return out
}

func appendResponse(out []byte, r *response) []byte {
	has := byte(0)
	for part, set := range [...]bool{r.version != 0, r.figures != nil, len(r.ages) > 0, r.message != ""} {
		if set {
			has |= 1 << part
		}
	}
	out = append(binary.AppendUvarint(out, uint64(r.code)), has)
	if has&partVersion != 0 {
		out = binary.AppendUvarint(out, r.version)
		out = binary.AppendUvarint(out, r.delta)
		out = appendText(out, r.hash)
	}
	out = binary.AppendUvarint(out, uint64(len(r.instances)))
	for i := range r.instances {
		out = appendInstance(out, &r.instances[i])
	}
	out = binary.AppendUvarint(out, uint64(len(r.results)))
	for i := range r.results {
		out = appendResponse(out, &r.results[i])
	}
	if has&partFigures != 0 {
		out = appendFigures(out, r.figures)
	}
	if has&partAges != 0 {
		out = binary.AppendUvarint(out, uint64(len(r.ages)))
		for _, age := range r.ages {
			out = binary.AppendVarint(out, age)
		}
	}
	if has&partMessage != 0 {
		out = appendText(out, r.message)
	}
	return out
}

func appendInstance(out []byte, i *instance) []byte {
	out = appendText(out, i.app)
	out = appendText(out, i.id)
	out = append(out, byte(i.status), byte(i.overridden))
	out = binary.AppendVarint(out, i.value)
	out = binary.AppendVarint(out, i.dirty)
	if i.more == nil {
		return append(out, byte(i.change))
	}
	return appendMore(append(out, byte(i.change)|hasMore), i)
}

func appendText(out []byte, text string) []byte {
	out = binary.AppendUvarint(out, uint64(len(text)))
	return append(out, text...)
}

func truth(is bool) byte {
	if is {
		return 1
	}
	return 0
}
