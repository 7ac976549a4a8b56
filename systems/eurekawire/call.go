package eurekawire

import (
	"net/url"
	"slices"
	"strings"
)

// The bases under which the calls stand: Netflix's and Spring's.
const (
	BaseNetflix = "/eureka/v2"
	BaseSpring  = "/eureka"
)

// Kind is what a call asks for.
type Kind uint8

// The kinds of calls, and the path of each under the base.
const (
	ListAll        Kind = iota // GET /apps
	ListDelta                  // GET /apps/delta
	ReadApp                    // GET /apps/{APP}
	Register                   // POST /apps/{APP}
	ReadInstance               // GET /apps/{APP}/{id}
	Renew                      // PUT /apps/{APP}/{id}
	Cancel                     // DELETE /apps/{APP}/{id}
	OverrideStatus             // PUT /apps/{APP}/{id}/status
	RemoveOverride             // DELETE /apps/{APP}/{id}/status
	PutMetadata                // PUT /apps/{APP}/{id}/metadata
	ReadByID                   // GET /instances/{id}
	ReadVIP                    // GET /vips/{vip}
	ReadSecureVIP              // GET /svips/{svip}
	ReplicateBatch             // POST /peerreplication/batch/
	SetASGStatus               // PUT /asg/{name}/status
	ReadStatus                 // GET /status
)

// Call is a request without its headers and body.
type Call struct {
	Base       string // BaseNetflix or BaseSpring
	Kind       Kind
	App        string // upper case
	ID         string
	VIP        string // of ReadVIP and ReadSecureVIP
	ASG        string // of SetASGStatus
	Value      string // of OverrideStatus, RemoveOverride and SetASGStatus, as it came; "" for none
	Status     string // of Renew, as it came
	Overridden string // of Renew, as it came
	Dirty      bool   // whether there is a LastDirty
	LastDirty  int64  // lastDirtyTimestamp, milliseconds since 1970
	Metadata   []Pair // of PutMetadata, sorted, each key once
	Regions    []string
}

// Parse reads a request's method, path and query, as they come over the wire: still escaped. HEAD is
// GET. The error is an *Error: of code 404 for a path that is none of Eureka's, 405 for a method
// that the path does not know, 400 for an escape or a timestamp that is none.
//
// The app is upper case in the call whatever it is in the path. Words such as statuses are not
// judged: Eureka looks first whether the instance is there.
func Parse(method, path, query string) (Call, error) {
	call := Call{Base: BaseNetflix}
	rest, ok := strings.CutPrefix(path, BaseNetflix+"/")
	if !ok {
		call.Base = BaseSpring
		if rest, ok = strings.CutPrefix(path, BaseSpring+"/"); !ok {
			return Call{}, notFound(path)
		}
	}
	segments, err := segmentsOf(rest)
	if err != nil {
		return Call{}, err
	}
	if segments == nil {
		return Call{}, notFound(path)
	}
	routes := call.match(segments)
	if routes == nil {
		return Call{}, notFound(path)
	}
	if call.Kind, ok = chosen(routes, method); !ok {
		return Call{}, &Error{Code: 405, Message: excerpt(method) + " is not for " + excerpt(path), Allow: allowed(routes)}
	}
	return call, call.parseQuery(query)
}

func notFound(path string) error {
	return &Error{Code: 404, Message: "there is no " + excerpt(path)}
}

// segmentsOf splits a path, drops one slash at its end, and removes the escapes; nil if a segment is
// empty. A slash that is escaped is part of its segment.
func segmentsOf(path string) ([]string, error) {
	const most = 4 // apps, app, id, status
	segments := strings.SplitN(strings.TrimSuffix(path, "/"), "/", most+1)
	if len(segments) > most {
		return nil, nil
	}
	for at, segment := range segments {
		plain, err := url.PathUnescape(segment)
		if err != nil {
			return nil, bad("malformed path: %s", excerpt(segment))
		}
		if segments[at] = strings.ToValidUTF8(plain, "\uFFFD"); plain == "" {
			return nil, nil
		}
	}
	return segments, nil
}

// route is what a method means on a path.
type route struct {
	method string
	kind   Kind
}

// match finds what a path knows, and notes what it names.
func (c *Call) match(segments []string) []route {
	switch first, rest := segments[0], segments[1:]; {
	case first == "apps":
		return c.matchApps(rest)
	case first == "instances" && len(rest) == 1:
		c.ID = rest[0]
		return []route{{"GET", ReadByID}}
	case first == "vips" && len(rest) == 1:
		c.VIP = rest[0]
		return []route{{"GET", ReadVIP}}
	case first == "svips" && len(rest) == 1:
		c.VIP = rest[0]
		return []route{{"GET", ReadSecureVIP}}
	case first == "peerreplication" && len(rest) == 1 && rest[0] == "batch":
		return []route{{"POST", ReplicateBatch}}
	case first == "asg" && len(rest) == 2 && rest[1] == "status":
		c.ASG = rest[0]
		return []route{{"PUT", SetASGStatus}}
	case first == "status" && len(rest) == 0:
		return []route{{"GET", ReadStatus}}
	}
	return nil
}

func (c *Call) matchApps(segments []string) []route {
	if len(segments) == 0 {
		return []route{{"GET", ListAll}}
	}
	if len(segments) == 1 && segments[0] == "delta" {
		return []route{{"GET", ListDelta}}
	}
	c.App = strings.ToUpper(segments[0])
	if len(segments) == 1 {
		return []route{{"GET", ReadApp}, {"POST", Register}}
	}
	c.ID = segments[1]
	switch {
	case len(segments) == 2:
		return []route{{"GET", ReadInstance}, {"PUT", Renew}, {"DELETE", Cancel}}
	case segments[2] == "status":
		return []route{{"PUT", OverrideStatus}, {"DELETE", RemoveOverride}}
	case segments[2] == "metadata":
		return []route{{"PUT", PutMetadata}}
	}
	return nil
}

func chosen(routes []route, method string) (Kind, bool) {
	if method == "HEAD" {
		method = "GET"
	}
	for _, each := range routes {
		if each.method == method {
			return each.kind, true
		}
	}
	return 0, false
}

func allowed(routes []route) string {
	methods := make([]string, len(routes))
	for at, each := range routes {
		methods[at] = each.method
	}
	return strings.Join(methods, ", ")
}

// parseQuery reads the parameters that the kind of call has. Of one that comes twice the first
// counts.
func (c *Call) parseQuery(query string) error {
	var pairs []Pair
	for part := range strings.SplitSeq(query, "&") {
		if part == "" {
			continue
		}
		key, value, _ := strings.Cut(part, "=")
		key, err := url.QueryUnescape(key)
		if err == nil {
			value, err = url.QueryUnescape(value)
		}
		if err != nil {
			return bad("malformed query: %s", excerpt(part))
		}
		pairs = append(pairs, Pair{Key: strings.ToValidUTF8(key, "\uFFFD"), Value: strings.ToValidUTF8(value, "\uFFFD")})
	}
	slices.Reverse(pairs) // so that the last that counts is the first that came
	pairs = sorted(pairs)
	if c.Kind == PutMetadata {
		c.Metadata = pairs
		return nil
	}
	for _, pair := range pairs {
		if err := c.parameter(pair.Key, pair.Value); err != nil {
			return err
		}
	}
	return nil
}

func (c *Call) parameter(name, value string) error {
	status := c.Kind == OverrideStatus || c.Kind == RemoveOverride
	switch {
	case name == "value" && (status || c.Kind == SetASGStatus):
		c.Value = value
	case name == "status" && c.Kind == Renew:
		c.Status = value
	case name == "overriddenstatus" && c.Kind == Renew:
		c.Overridden = value
	case name == "lastDirtyTimestamp" && (status || c.Kind == Renew) && value != "":
		c.Dirty = true
		return parse64(&c.LastDirty, name, value)
	case name == "regions" && value != "" && (c.Kind == ListAll || c.Kind == ListDelta):
		c.Regions = strings.Split(strings.ToLower(value), ",")
		slices.Sort(c.Regions)
	}
	return nil
}
