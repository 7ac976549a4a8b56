package zkwire

// syncConnected is the state in every notification of a server.
const syncConnected = 3

// DecodeEvent reads a whole notification, header included. It is an error if it has another xid.
func DecodeEvent(payload []byte) (Event, error) {
	xid, _, _, err := DecodeReplyHeader(payload)
	if err != nil || xid != XidNotification {
		return Event{}, malformed("notification header")
	}
	r := reader{data: payload[16:]}
	kind := EventType(r.int32())
	r.int32() // the state, which says nothing that the connection does not
	e := Event{Type: kind, Path: r.text()}
	if r.bad {
		return Event{}, malformed("notification")
	}
	return e, nil
}

// Append writes the notification, header included, behind out.
func (e *Event) Append(out []byte) []byte {
	out = appendReplyHeader(out, XidNotification, -1, OK)
	return appendText(appendInt32(appendInt32(out, int32(e.Type)), syncConnected), e.Path)
}
