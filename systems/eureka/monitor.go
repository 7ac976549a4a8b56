package eureka

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"cleave/world"
)

const (
	// pollInterval is between two looks at a server: many in a bucket at the scale of a short run.
	pollInterval = 200 * time.Millisecond
	// pollTimeout is for one look.
	pollTimeout = 2 * time.Second
	// mostPage bounds a dashboard, in bytes: that of ten thousand instances.
	mostPage = 4 << 20
	// contradictions is how many pages in a row may contradict themselves before one is believed.
	contradictions = 3
)

// watch is what is known of a node since its container started.
type watch struct {
	flavour Flavour
	client  *http.Client
	watcher world.Watcher

	ready      bool
	preserving bool // as of the last note; at first nobody is preserved
	odd        int  // pages in a row whose flag is not what their figures say
	unread     bool // it was said that the dashboard cannot be read
}

// follow is the Deployment's Monitor: it looks at a node until the context ends. A node that does not
// answer, because it starts, is paused or dead, is looked at again.
func (f Flavour) follow(ctx context.Context, _ string, dial world.Dial, watcher world.Watcher) {
	transport := &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dial(ctx, network, fmt.Sprintf("127.0.0.1:%d", port))
		},
		MaxIdleConns: 1,
	}
	defer transport.CloseIdleConnections()
	w := watch{flavour: f, client: &http.Client{Transport: transport, Timeout: pollTimeout}, watcher: watcher}
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		w.look(ctx)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// look is one look: at the dashboard, and at the list until it is given.
func (w *watch) look(ctx context.Context) {
	code, page, err := w.get(ctx, w.flavour.dashboard())
	if err != nil || code != http.StatusOK || ctx.Err() != nil {
		return
	}
	found, err := dashboardFigures(page)
	if err != nil {
		w.cannotRead(err)
		return
	}
	w.saw(found)
	if !w.ready && w.flavour.opened(found) {
		code, _, err = w.get(ctx, w.flavour.context()+"/apps")
		if err == nil && code == http.StatusOK && ctx.Err() == nil {
			w.ready = true
			w.watcher.Ready()
		}
	}
}

// opened tells whether a server has finished its sync. Spring's answers before, and then forgets to expect
// who registered meanwhile: it has opened once it expects anybody, be it the one that it makes up. Netflix's
// does not listen before.
func (f Flavour) opened(found figures) bool {
	return f == Netflix || found.threshold > 0
}

// get asks the server for a page.
func (w *watch) get(ctx context.Context, path string) (code int, body []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d%s", port, path), nil)
	if err != nil {
		return 0, nil, err
	}
	response, err := w.client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err = io.ReadAll(io.LimitReader(response.Body, mostPage))
	return response.StatusCode, body, err
}

// saw notes that self-preservation began or ended. A page that contradicts itself was most likely written
// while the bucket turned, and another is looked at.
func (w *watch) saw(found figures) {
	if found.agree() {
		w.odd = 0
	} else if w.odd++; w.odd < contradictions {
		return
	}
	if preserving := !found.expiring; preserving != w.preserving {
		w.preserving = preserving
		w.watcher.Note("self-preservation", found.turn())
	}
}

// cannotRead says once that a dashboard is none.
func (w *watch) cannotRead(err error) {
	if !w.unread {
		w.unread = true
		w.watcher.Note("dashboard", err.Error())
	}
}
