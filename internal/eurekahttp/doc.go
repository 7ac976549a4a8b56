// Package eurekahttp joins the AP registry to HTTP: the one place where Eureka's requests meet the
// messages that nodes and clients exchange in every world.
//
//	request ──▶ eurekawire.Parse ──▶ apregistry.Request ──▶ Ask ──▶ apregistry.Response ──▶ JSON or XML
//	a message to a peer ──▶ Exchange ──▶ its HTTP server, ours or Netflix's ──▶ the message that answers
//
// A Handler serves Eureka's REST interface under /eureka/v2 and /eureka, a dashboard at / and metrics
// for Prometheus at /metrics. It answers in JSON if Accept names it, else in XML; lists are packed with
// gzip for those who take it. A list is written out once for each of its versions, format and packing,
// however many read it: those who ask for it at the same time wait for one writing.
//
// What a hostile request costs is its own answer: a body over the bound is refused with 413, one that is
// no registration with 400. Codes are Eureka's. Its own are 405 with Allow, 413, 415 for a body packed otherwise than with gzip or one
// of another type, and 503 while the node boots, is full, or does not answer in time.
//
// Anybody who reaches the port may register, cancel and speak as a peer, as with Eureka: it belongs on a
// network that only its users reach.
//
// DiscoveryIdentity headers are ignored, as Eureka ignores them. X-Eureka-Accept: compact gets lists of
// instances with Eureka's short set of fields.
//
// Nodes of this kind exchange what a Eureka has no words for at /peerreplication/exchange, as bytes.
//
// A map of the files: handler.go (Handler: which request is what), instance.go (registrations, heartbeats,
// overrides), batch.go (what peers tell), list.go (lists, written once), exchange.go (Exchange: requests
// to peers), dashboard.go (the page at /), metrics.go (/metrics and /status), document.go (small pieces of
// JSON and XML).
package eurekahttp
