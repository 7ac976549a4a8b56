package eurekahttp

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"time"

	"cleave/systems/apregistry"
	"cleave/systems/eurekawire"
)

// metric is one line of Prometheus's text.
type metric struct {
	name, kind, help string
	value            int64
}

// metrics answers in Prometheus's text format, version 0.0.4.
func (c *conversation) metrics() {
	f, ok := c.figures()
	if !ok {
		return
	}
	var out strings.Builder
	for _, m := range nodeMetrics(f) {
		fmt.Fprintf(&out, "# HELP eureka_%s %s\n# TYPE eureka_%s %s\neureka_%s %d\n", m.name, m.help, m.name, m.kind, m.name, m.value)
	}
	peerMetrics(&out, f)
	out.WriteString("# HELP eureka_http_responses_total Answers by status code.\n# TYPE eureka_http_responses_total counter\n")
	for code := range c.handler.answers {
		if count := c.handler.answers[code].Load(); count > 0 {
			fmt.Fprintf(&out, "eureka_http_responses_total{code=\"%d\"} %d\n", code, count)
		}
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	fmt.Fprintf(&out, "# HELP go_memstats_heap_inuse_bytes Memory of the heap in use.\n# TYPE go_memstats_heap_inuse_bytes gauge\n"+
		"go_memstats_heap_inuse_bytes %d\n", memory.HeapInuse)
	c.writer.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	c.body(http.StatusOK, []byte(out.String()))
}

func nodeMetrics(f *apregistry.Figures) []metric {
	truth := map[bool]int64{true: 1}
	return []metric{
		{"instances", "gauge", "Instances in the registry.", f.Registered},
		{"clients_expected", "gauge", "Clients that should send heartbeats.", f.Expected},
		{"renews_threshold", "gauge", "Heartbeats a minute that must be exceeded for leases to end.", f.Threshold},
		{"renews_last_minute", "gauge", "Heartbeats of the last whole minute.", f.Renews},
		{"self_preservation_enabled", "gauge", "Whether missing heartbeats stop the eviction.", truth[f.SelfPreservation]},
		{"self_preservation_active", "gauge", "Whether they do now.", truth[f.Preserving]},
		{"listable", "gauge", "Whether the registry may be read.", truth[f.Listable]},
		{"registrations_total", "counter", "Registrations since the start.", f.Registrations},
		{"renewals_total", "counter", "Heartbeats since the start.", f.Renewals},
		{"cancels_total", "counter", "Cancels since the start.", f.Cancels},
		{"evictions_total", "counter", "Instances evicted since the start.", f.Evictions},
		{"replications_total", "counter", "Tasks taken from peers since the start.", f.Replications},
	}
}

func peerMetrics(out *strings.Builder, f *apregistry.Figures) {
	for _, each := range []struct {
		name, kind, help string
		value            func(*apregistry.PeerFigures) int64
	}{
		{"peer_available", "gauge", "Whether the peer answered last.", func(p *apregistry.PeerFigures) int64 {
			return map[bool]int64{true: 1}[p.Available]
		}},
		{"peer_tasks_waiting", "gauge", "Tasks that wait for the peer.", func(p *apregistry.PeerFigures) int64 { return p.Queued }},
		{"peer_tasks_delivered_total", "counter", "Tasks that the peer took.", func(p *apregistry.PeerFigures) int64 { return p.Delivered }},
		{"peer_tasks_expired_total", "counter", "Tasks lost because they were too old.", func(p *apregistry.PeerFigures) int64 { return p.Expired }},
		{"peer_tasks_dropped_total", "counter", "Tasks lost because too many waited, or refused.", func(p *apregistry.PeerFigures) int64 { return p.Dropped }},
	} {
		if len(f.Peers) > 0 {
			fmt.Fprintf(out, "# HELP eureka_%s %s\n# TYPE eureka_%s %s\n", each.name, each.help, each.name, each.kind)
		}
		for i := range f.Peers {
			fmt.Fprintf(out, "eureka_%s{peer=%s} %d\n", each.name, label(f.Peers[i].Name), each.value(&f.Peers[i]))
		}
	}
}

// label is a value of a label, quoted as Prometheus wants it.
func label(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(text) + `"`
}

// statusPage answers GET /status: what the dashboard has, for programs.
func (c *conversation) statusPage() {
	f, ok := c.figures()
	if !ok {
		return
	}
	registered, available, unavailable := replicaNames(f)
	general := []fact{
		{"environment", c.handler.options.Environment},
		{"server-uptime", uptime(f)},
		{"current-time", time.UnixMilli(f.Now).UTC().Format(time.RFC3339)},
	}
	application := []fact{
		{"registered-replicas", registered},
		{"available-replicas", available},
		{"unavailable-replicas", unavailable},
	}
	format := c.format()
	c.writer.Header().Set("Content-Type", format.ContentType())
	c.body(http.StatusOK, statusDocument(format, general, application, unavailable == ""))
}

// statusDocument has Eureka's own spelling of healthy, which clients look for.
func statusDocument(format eurekawire.Format, general, application []fact, healthy bool) []byte {
	if format == eurekawire.JSON {
		return fmt.Appendf(nil, `{"generalStats":%s,"applicationStats":%s,"isHeathly":%t}`, jsonObject(general), jsonObject(application), healthy)
	}
	return fmt.Appendf(nil, "<statusInfo><generalStats>%s</generalStats><applicationStats>%s</applicationStats><isHeathly>%t</isHeathly></statusInfo>",
		xmlElements(general), xmlElements(application), healthy)
}
