package eurekahttp

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"cleave/systems/apregistry"
	"cleave/systems/eurekawire"
)

// Bounds of the lists that are kept written out: how many, and their bytes. Beyond them all are forgotten.
const (
	mostLists = 1024
	mostBytes = 256 << 20
)

// lists are lists as they were last written out, so that each is written once for each of its versions,
// however many read it.
type lists struct {
	mutex sync.Mutex
	pages map[listName]*page
	bytes int // of them all, as they were written
}

// wrote counts what was written out.
func (l *lists) wrote(bytes int) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.bytes += bytes; l.bytes > mostBytes {
		l.pages, l.bytes = nil, 0
	}
}

type listName struct {
	action apregistry.Action
	name   string
	format eurekawire.Format
}

// page is one list. Its mutex is held while the node is asked for it: those who read the same list at
// the same time wait for one writing of it.
type page struct {
	mutex   sync.Mutex
	version uint64
	plain   []byte
	packed  []byte // nil until somebody wants it
}

func (l *lists) page(name listName) *page {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if found := l.pages[name]; found != nil {
		return found
	}
	if l.pages == nil || len(l.pages) >= mostLists {
		l.pages, l.bytes = map[listName]*page{}, 0
	}
	p := &page{}
	l.pages[name] = p
	return p
}

// drop forgets a list that there is not.
func (l *lists) drop(name listName) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	delete(l.pages, name)
}

// list answers with a list.
func (c *conversation) list() {
	name := listName{format: c.format(), name: c.call.App + c.call.VIP} // one of them is empty
	if strings.EqualFold(c.request.Header.Get("X-Eureka-Accept"), "compact") {
		name.format |= eurekawire.Compact
	}
	switch c.call.Kind {
	case eurekawire.ListAll:
		name.action = apregistry.ActionGetAll
	case eurekawire.ListDelta:
		name.action = apregistry.ActionGetDelta
	case eurekawire.ReadApp:
		name.action = apregistry.ActionGetApp
	case eurekawire.ReadVIP:
		name.action = apregistry.ActionGetVIP
	default:
		name.action = apregistry.ActionGetSecureVIP
	}
	body, packed, ok := c.fetch(name)
	if !ok {
		return
	}
	header := c.writer.Header()
	header.Set("Content-Type", name.format.ContentType())
	header.Set("Vary", "Accept, Accept-Encoding, X-Eureka-Accept")
	if packed {
		header.Set("Content-Encoding", "gzip")
	}
	c.body(http.StatusOK, body)
}

// fetch gives a list as it is to be sent; if the node has none, the client is told.
func (c *conversation) fetch(name listName) (body []byte, packed, ok bool) {
	p := c.handler.lists.page(name)
	p.mutex.Lock()
	defer p.mutex.Unlock()
	answer, ok := c.put(&apregistry.Request{Action: name.action, App: name.name, Have: p.version})
	switch {
	case !ok:
		return nil, false, false
	case answer.Code == http.StatusNotModified:
	case answer.Code == http.StatusOK:
		before := len(p.plain) + len(p.packed)
		p.version, p.plain, p.packed = answer.Version, write(name, &answer), nil
		c.handler.lists.wrote(len(p.plain) - before)
	default:
		c.handler.lists.drop(name)
		c.conclude(&answer)
		return nil, false, false
	}
	if !acceptsGzip(c.request.Header.Get("Accept-Encoding")) {
		return p.plain, false, true
	}
	if p.packed == nil {
		p.packed = pack(p.plain)
		c.handler.lists.wrote(len(p.packed))
	}
	return p.packed, true, true
}

// write writes a list out.
func write(name listName, answer *apregistry.Response) []byte {
	if name.action == apregistry.ActionGetApp {
		return (&eurekawire.Application{Name: name.name, Instances: answer.Instances}).Encode(name.format)
	}
	all := eurekawire.Applications{Version: "1", Hash: answer.Hash, Applications: grouped(answer.Instances)}
	if name.action == apregistry.ActionGetDelta {
		all.Version = strconv.FormatUint(answer.Delta, 10)
	}
	return all.Encode(name.format)
}

// grouped puts instances together by app, in the order in which the apps come first.
func grouped(instances []eurekawire.Instance) []eurekawire.Application {
	var all []eurekawire.Application
	places := map[string]int{}
	for start := 0; start < len(instances); {
		app, end := instances[start].App, start+1
		for end < len(instances) && instances[end].App == app {
			end++
		}
		place, known := places[app]
		if !known {
			place = len(all)
			places[app] = place
			all = append(all, eurekawire.Application{Name: app, Instances: instances[start:end:end]})
		} else {
			all[place].Instances = append(all[place].Instances, instances[start:end]...)
		}
		start = end
	}
	return all
}

// pack compresses. Speed counts for more than size: a list is packed at every change.
func pack(plain []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestSpeed) // an error only for a level that there is not
	_, _ = w.Write(plain)                             // a buffer takes everything
	_ = w.Close()
	return out.Bytes()
}

// acceptsGzip reads an Accept-Encoding header.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, weight, _ := strings.Cut(part, ";")
		if coding = strings.TrimSpace(coding); coding == "gzip" || coding == "x-gzip" || coding == "*" {
			return strings.Trim(strings.ReplaceAll(weight, " ", ""), "q=0.") != "" || weight == ""
		}
	}
	return false
}
