package zkwire

import "cleave/internal/octets"

// DecodeConnectRequest reads the first payload of a client. Only the last field, readOnly, may be
// missing. The password shares the payload's memory.
func DecodeConnectRequest(payload []byte) (ConnectRequest, error) {
	r := reader{data: payload}
	c := ConnectRequest{ProtocolVersion: r.int32(), LastZxidSeen: r.int64(), Timeout: r.int32(), SessionID: r.int64(),
		Password: r.buffer()}
	if r.bad {
		return ConnectRequest{}, malformed("connect request")
	}
	if len(r.data) > 0 {
		c.ReadOnly, c.HasReadOnly = r.bool(), true
	}
	return c, nil
}

// Append writes the request behind out.
func (c *ConnectRequest) Append(out []byte) []byte {
	out = appendInt32(out, c.ProtocolVersion)
	out = appendInt64(out, c.LastZxidSeen)
	out = appendInt32(out, c.Timeout)
	out = appendInt64(out, c.SessionID)
	out = appendBuffer(out, c.Password)
	if c.HasReadOnly {
		out = octets.AppendBool(out, c.ReadOnly)
	}
	return out
}

// DecodeConnectResponse reads the first payload of a server. Only the last field, readOnly, may be
// missing. The password shares the payload's memory.
func DecodeConnectResponse(payload []byte) (ConnectResponse, error) {
	r := reader{data: payload}
	c := ConnectResponse{ProtocolVersion: r.int32(), Timeout: r.int32(), SessionID: r.int64(), Password: r.buffer()}
	if r.bad {
		return ConnectResponse{}, malformed("connect response")
	}
	if len(r.data) > 0 {
		c.ReadOnly, c.HasReadOnly = r.bool(), true
	}
	return c, nil
}

// Append writes the response behind out.
func (c *ConnectResponse) Append(out []byte) []byte {
	out = appendInt32(out, c.ProtocolVersion)
	out = appendInt32(out, c.Timeout)
	out = appendInt64(out, c.SessionID)
	out = appendBuffer(out, c.Password)
	if c.HasReadOnly {
		out = octets.AppendBool(out, c.ReadOnly)
	}
	return out
}
