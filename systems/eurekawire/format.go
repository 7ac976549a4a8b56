package eurekawire

import (
	"bytes"
	"strings"
)

// Format is how a document is written.
type Format uint8

// The formats. Compact may be added to either when writing: the header X-Eureka-Accept asks for it,
// and instances then have only what a client needs to find them.
const (
	JSON    Format = 0
	XML     Format = 1
	Compact Format = 2
)

// ContentType is the format's media type.
func (f Format) ContentType() string {
	if f.isXML() {
		return "application/xml"
	}
	return "application/json"
}

func (f Format) isXML() bool { return f&XML != 0 }

// AcceptedFormat is the format to answer in: JSON if the Accept header names it, else XML, as Eureka
// decides.
func AcceptedFormat(accept string) Format {
	if strings.Contains(accept, "json") {
		return JSON
	}
	return XML
}

// BodyFormat is the format of a body: what its Content-Type says, and if that says neither, XML if
// the body begins as XML does.
func BodyFormat(contentType string, body []byte) Format {
	switch kind := strings.ToLower(contentType); {
	case strings.Contains(kind, "json"):
		return JSON
	case strings.Contains(kind, "xml"):
		return XML
	case bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")):
		return XML
	}
	return JSON
}
