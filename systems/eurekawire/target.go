package eurekawire

import (
	"net/url"
	"strconv"
	"strings"
)

// Target is how a client makes the call: method, path and query, escaped. Parse reads it back.
func (c *Call) Target() (method, path, query string) {
	method, segments := c.segments()
	base := c.Base
	if base == "" {
		base = BaseNetflix
	}
	var out strings.Builder
	out.WriteString(base)
	for _, segment := range segments {
		out.WriteByte('/')
		out.WriteString(escapeSegment(segment))
	}
	if c.Kind == ReplicateBatch {
		out.WriteByte('/')
	}
	return method, out.String(), c.query()
}

// escapeSegment escapes a part of a path, dots too where they would mean a folder.
func escapeSegment(segment string) string {
	if segment == "." || segment == ".." {
		return strings.ReplaceAll(segment, ".", "%2E")
	}
	return url.PathEscape(segment)
}

func (c *Call) segments() (method string, segments []string) {
	switch c.Kind {
	case ListAll:
		return "GET", []string{"apps"}
	case ListDelta:
		return "GET", []string{"apps", "delta"}
	case ReadApp:
		return "GET", []string{"apps", c.App}
	case Register:
		return "POST", []string{"apps", c.App}
	case ReadInstance:
		return "GET", []string{"apps", c.App, c.ID}
	case Renew:
		return "PUT", []string{"apps", c.App, c.ID}
	case Cancel:
		return "DELETE", []string{"apps", c.App, c.ID}
	case OverrideStatus:
		return "PUT", []string{"apps", c.App, c.ID, "status"}
	case RemoveOverride:
		return "DELETE", []string{"apps", c.App, c.ID, "status"}
	case PutMetadata:
		return "PUT", []string{"apps", c.App, c.ID, "metadata"}
	case ReadByID:
		return "GET", []string{"instances", c.ID}
	case ReadVIP:
		return "GET", []string{"vips", c.VIP}
	case ReadSecureVIP:
		return "GET", []string{"svips", c.VIP}
	case ReplicateBatch:
		return "POST", []string{"peerreplication", "batch"}
	case SetASGStatus:
		return "PUT", []string{"asg", c.ASG, "status"}
	case ReadStatus:
		return "GET", []string{"status"}
	}
	return "", nil
}

func (c *Call) query() string {
	pairs := c.Metadata
	if c.Kind != PutMetadata {
		pairs = c.parameters()
	}
	parts := make([]string, len(pairs))
	for at, pair := range pairs {
		parts[at] = url.QueryEscape(pair.Key) + "=" + url.QueryEscape(pair.Value)
	}
	return strings.Join(parts, "&")
}

func (c *Call) parameters() []Pair {
	var pairs []Pair
	add := func(key, value string) {
		if value != "" {
			pairs = append(pairs, Pair{Key: key, Value: value})
		}
	}
	add("status", c.Status)
	add("value", c.Value)
	if c.Dirty {
		add("lastDirtyTimestamp", strconv.FormatInt(c.LastDirty, 10))
	}
	add("overriddenstatus", c.Overridden)
	add("regions", strings.Join(c.Regions, ","))
	return pairs
}
