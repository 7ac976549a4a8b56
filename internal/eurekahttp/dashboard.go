package eurekahttp

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"cleave/systems/apregistry"
	"cleave/systems/eurekawire"
)

//go:embed page
var files embed.FS

// Eureka's own words when leases do not end as they should, or may end when they should not.
const (
	bannerEmergency = "EMERGENCY! EUREKA MAY BE INCORRECTLY CLAIMING INSTANCES ARE UP WHEN THEY'RE NOT. " +
		"RENEWALS ARE LESSER THAN THRESHOLD AND HENCE THE INSTANCES ARE NOT BEING EXPIRED JUST TO BE SAFE."
	bannerBelow = "RENEWALS ARE LESSER THAN THE THRESHOLD. " + bannerOff
	bannerOff   = "THE SELF PRESERVATION MODE IS TURNED OFF. THIS MAY NOT PROTECT INSTANCE EXPIRY IN CASE OF NETWORK/OTHER PROBLEMS."
)

// How much of a large registry the page shows.
const (
	mostApps      = 500
	mostInstances = 50 // of one app and status
)

// fact is a line of a list of names and values.
type fact struct{ Name, Value string }

// dashboard is what the page shows.
type dashboard struct {
	Name, Banner, Trouble string
	Style                 template.CSS
	Status, General       []fact
	Replicas              []replica
	Apps                  []app
	MoreApps              int
	Registered, Cancelled []event
}

type replica struct{ Name, State, Class string }

type event struct{ Time, Lease string }

type app struct {
	Name, AMIs, Zones string
	Groups            []group
}

// group is the instances of an app that have the same status.
type group struct {
	Status, Class string
	Count, More   int
	Instances     []shown
}

type shown struct {
	ID, Page string // Page is "" if it is none that a browser should go to
}

// figures has the node say how it is; if it does not, the client is told.
func (c *conversation) figures() (*apregistry.Figures, bool) {
	answer, ok := c.put(&apregistry.Request{Action: apregistry.ActionFigures})
	if ok && answer.Figures == nil {
		c.conclude(&answer)
		return nil, false
	}
	return answer.Figures, ok
}

// dashboard answers with the page.
func (c *conversation) dashboard() {
	figures, ok := c.figures()
	if !ok {
		return
	}
	list, ok := c.put(&apregistry.Request{Action: apregistry.ActionGetAll})
	if !ok {
		return
	}
	page := c.handler.page(figures)
	if list.Code == http.StatusOK {
		page.Apps, page.MoreApps = apps(list.Instances)
	} else {
		page.Trouble = "The registry may not be read yet: this server could fetch nothing from its peers when it started."
	}
	text, err := render(page)
	if err != nil {
		c.text(http.StatusInternalServerError, err.Error())
		return
	}
	header := c.writer.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	header.Set("Cache-Control", "no-store")
	c.body(http.StatusOK, text)
}

func render(page *dashboard) ([]byte, error) {
	form, err := template.ParseFS(files, "page/dashboard.html")
	if err != nil {
		return nil, err
	}
	style, err := files.ReadFile("page/dashboard.css")
	if err != nil {
		return nil, err
	}
	page.Style = template.CSS(style) // our own file
	var out bytes.Buffer
	err = form.Execute(&out, page)
	return out.Bytes(), err
}

// banner is the warning that Eureka would show.
func banner(f *apregistry.Figures) string {
	below := f.Renews <= f.Threshold && f.Listable
	switch {
	case below && f.SelfPreservation:
		return bannerEmergency
	case below:
		return bannerBelow
	case !f.SelfPreservation:
		return bannerOff
	}
	return ""
}

func (h *Handler) page(f *apregistry.Figures) *dashboard {
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	page := &dashboard{Name: h.options.Name, Banner: banner(f)}
	page.Status = []fact{
		{"Environment", h.options.Environment},
		{"Data center", h.options.DataCenter},
		{"Current time", moment(f.Now)},
		{"Uptime", uptime(f)},
		{"Lease expiration enabled", strconv.FormatBool(!f.Preserving)},
		{"Renews threshold", number(f.Threshold)},
		{"Renews (last min)", number(f.Renews)},
	}
	registered, available, unavailable := replicaNames(f)
	for _, peer := range f.Peers {
		r := replica{Name: peer.Name, State: "available", Class: "up"}
		if !peer.Available {
			r.State, r.Class = "unavailable", "down"
		}
		if peer.Queued > 0 {
			r.State += fmt.Sprintf(", %d tasks wait", peer.Queued)
		}
		page.Replicas = append(page.Replicas, r)
	}
	page.General = []fact{
		{"registered-replicas", cmp.Or(registered, "none")},
		{"available-replicas", cmp.Or(available, "none")},
		{"unavailable-replicas", cmp.Or(unavailable, "none")},
		{"profile", f.Profile.String()},
		{"instances", number(f.Registered)},
		{"clients expected", number(f.Expected)},
		{"registrations", number(f.Registrations)},
		{"heartbeats", number(f.Renewals)},
		{"cancels", number(f.Cancels)},
		{"evictions", number(f.Evictions)},
		{"tasks taken from peers", number(f.Replications)},
	}
	page.Registered, page.Cancelled = events(f.LastRegistered), events(f.LastCanceled)
	return page
}

// replicaNames lists the peers: all, those that answer, those that do not.
func replicaNames(f *apregistry.Figures) (registered, available, unavailable string) {
	var all, up, down []string
	for _, peer := range f.Peers {
		all = append(all, peer.Name)
		if peer.Available {
			up = append(up, peer.Name)
		} else {
			down = append(down, peer.Name)
		}
	}
	return strings.Join(all, ", "), strings.Join(up, ", "), strings.Join(down, ", ")
}

func moment(milliseconds int64) string {
	return time.UnixMilli(milliseconds).UTC().Format("2006-01-02T15:04:05 +0000")
}

// uptime is how long the node has served, in hours and minutes, as Eureka writes it.
func uptime(f *apregistry.Figures) string {
	if f.Boot == 0 {
		return "00:00"
	}
	minutes := max(f.Now-f.Boot, 0) / 60_000
	return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)
}

func events(list []apregistry.Event) []event {
	out := make([]event, len(list))
	for i, each := range list {
		out[i] = event{moment(each.At), fmt.Sprintf("%s(%s)", each.App, each.ID)}
	}
	return out
}

// apps puts instances together by app and status. Lists are sorted by app and id.
func apps(instances []eurekawire.Instance) (list []app, more int) {
	all := grouped(instances)
	if len(all) > mostApps {
		more = len(all) - mostApps
		all = all[:mostApps]
	}
	for i := range all {
		list = append(list, appOf(&all[i]))
	}
	return list, more
}

func appOf(a *eurekawire.Application) app {
	out := app{Name: a.Name}
	var images, zones tally
	for i := range a.Instances {
		instance := &a.Instances[i]
		images.add(metadata(instance.DataCenter.Metadata, "ami-id", "n/a"))
		zones.add(metadata(instance.DataCenter.Metadata, "availability-zone", metadata(instance.Metadata, "zone", "default")))
		g := out.group(instance.Status)
		if g.Count++; len(g.Instances) < mostInstances {
			g.Instances = append(g.Instances, shown{instance.ID(), pageOf(instance)})
		} else {
			g.More++
		}
	}
	out.AMIs, out.Zones = images.String(), zones.String()
	return out
}

func (a *app) group(status eurekawire.Status) *group {
	for i := range a.Groups {
		if a.Groups[i].Status == string(status) {
			return &a.Groups[i]
		}
	}
	class := "other"
	switch status {
	case eurekawire.Up:
		class = "up"
	case eurekawire.Down:
		class = "down"
	}
	a.Groups = append(a.Groups, group{Status: string(status), Class: class})
	return &a.Groups[len(a.Groups)-1]
}

// pageOf is the instance's own page, if a browser may go there.
func pageOf(instance *eurekawire.Instance) string {
	if strings.HasPrefix(instance.StatusPage, "http://") || strings.HasPrefix(instance.StatusPage, "https://") {
		return instance.StatusPage
	}
	return ""
}

func metadata(pairs []eurekawire.Pair, key, otherwise string) string {
	for _, pair := range pairs {
		if pair.Key == key {
			return pair.Value
		}
	}
	return otherwise
}

// tally counts words, in the order in which they come first.
type tally struct {
	words  []string
	counts []int
}

func (t *tally) add(word string) {
	for i := range t.words {
		if t.words[i] == word {
			t.counts[i]++
			return
		}
	}
	if len(t.words) < mostInstances {
		t.words, t.counts = append(t.words, word), append(t.counts, 1)
	}
}

// String is as Eureka's page writes it: "default (3)".
func (t *tally) String() string {
	parts := make([]string, len(t.words))
	for i := range t.words {
		parts[i] = fmt.Sprintf("%s (%d)", t.words[i], t.counts[i])
	}
	return strings.Join(parts, ", ")
}
