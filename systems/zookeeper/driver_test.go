package zookeeper

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/history"
	"cleave/workloads"
	"cleave/world"
)

// driver runs a workload's plan on a stage, in real time, and records what happens.
type driver struct {
	t        *testing.T
	stage    *stage
	workload workloads.Workload
	shape    workloads.Shape
	options  Options
	without  history.Function // is left out of the plan
	started  time.Time

	mutex    sync.Mutex
	recorder *history.Recorder
	planned  *workloads.Generator
	process  map[string]int
	last     int
}

// newDriver plans a workload for two clients beside each node.
func newDriver(t *testing.T, s *stage, name string, quiet, settle time.Duration) *driver {
	workload, err := workloads.Find(name)
	require.NoError(t, err)
	d := &driver{t: t, stage: s, workload: workload, recorder: history.NewRecorder(nil), process: map[string]int{}}
	d.shape = workloads.Shape{Seed: 11, Guarantee: workloads.Consistent, Faults: quiet, Quiet: quiet, Settle: settle, End: quiet + settle + time.Second,
		Every: 60 * time.Millisecond}
	for i := range 2 * len(s.places.Nodes) {
		place := history.Placement{Client: fmt.Sprintf("c%d", i+1), Host: s.places.Nodes[i%len(s.places.Nodes)]}
		d.shape.Clients = append(d.shape.Clients, place)
	}
	return d
}

func (d *driver) now() history.Time { return history.Time(time.Since(d.started)) }

func (d *driver) record(event history.Event) {
	event.Time = d.now()
	d.recorder.Append(event)
}

func (d *driver) note(node string) func(kind, detail string) {
	return func(kind, detail string) {
		d.mutex.Lock()
		defer d.mutex.Unlock()
		d.record(history.Event{Type: history.NoteEvent, Note: &history.Note{Node: node, Kind: kind, Detail: detail}})
	}
}

// listener hears of a node as the world does.
type listener struct {
	note  func(kind, detail string)
	ready chan struct{}
	once  sync.Once
	mutex sync.Mutex
	leads []string
}

func (l *listener) Ready()                   { l.once.Do(func() { close(l.ready) }) }
func (l *listener) Note(kind, detail string) { l.note(kind, detail) }
func (l *listener) Leads(term uint64, leading bool) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.leads = append(l.leads, fmt.Sprintf("%d %t", term, leading))
}

// watch monitors a server of a stage.
func (s *stage) watch(ctx context.Context, server int, note func(kind, detail string)) *listener {
	l := &listener{note: note, ready: make(chan struct{})}
	go monitor(ctx, s.places.Nodes[server], func(ctx context.Context, network, _ string) (net.Conn, error) {
		var dialer net.Dialer
		return dialer.DialContext(ctx, network, s.ensemble.Address(server))
	}, l)
	return l
}

// run does the whole plan.
func (d *driver) run() (*history.History, error) {
	ctx, cancel := context.WithCancel(d.t.Context())
	defer cancel()
	plan := slices.DeleteFunc(d.workload.Plan(d.shape), func(p workloads.Planned) bool { return p.Function == d.without })
	d.planned = workloads.NewGenerator(plan)
	d.started = time.Now()
	d.record(history.Event{Type: history.RunEvent, Run: &history.Run{System: "zookeeper", Workload: d.workload.Name, Seed: d.shape.Seed,
		Nodes: d.stage.places.Nodes, Clients: d.shape.Clients, Quorum: len(d.stage.places.Nodes)/2 + 1}})
	for i, node := range d.stage.places.Nodes {
		d.stage.watch(ctx, i, d.note(node))
	}
	quiet := time.AfterFunc(d.shape.Quiet, func() {
		d.mutex.Lock()
		defer d.mutex.Unlock()
		d.record(history.Event{Type: history.PhaseEvent, Phase: history.Quiet})
	})
	defer quiet.Stop()
	var all sync.WaitGroup
	for i, place := range d.shape.Clients {
		user, err := NewUser(d.options, place.Client, place.Host, d.stage.places,
			world.Edge{Dial: d.stage.dial, Note: d.note(place.Client), Seed: uint64(i)})
		if err != nil {
			return nil, err
		}
		all.Go(func() {
			defer user.Close()
			d.serve(place.Client, user)
		})
	}
	all.Wait()
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return d.recorder.History()
}

// serve has a client do its part.
func (d *driver) serve(client string, user world.User) {
	for {
		d.mutex.Lock()
		request, wait, found := d.planned.Next(client, d.now())
		if found {
			d.invoke(client, request)
		}
		d.mutex.Unlock()
		switch {
		case found:
			completed := make(chan struct{})
			user.Invoke(request, func(c history.Completion) {
				d.complete(client, request, c)
				close(completed)
			})
			<-completed
		case wait == history.Forever:
			return
		default:
			time.Sleep(max(wait-d.now(), 0).Duration())
		}
	}
}

func (d *driver) invoke(client string, request history.Request) {
	if _, has := d.process[client]; !has {
		d.last++
		d.process[client] = d.last
	}
	d.record(history.Event{Type: history.Invoke, Process: d.process[client], Client: client, Function: request.Function, Key: request.Key,
		Value: request.Value})
}

func (d *driver) complete(client string, request history.Request, c history.Completion) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.record(history.Event{Type: c.Outcome, Process: d.process[client], Client: client, Function: request.Function, Key: request.Key,
		Value: c.Value, Node: c.Node, Version: c.Version, Error: c.Error})
	if c.Outcome == history.Info {
		delete(d.process, client)
	}
	d.planned.Completed(client, request, c)
}

// judge gives the result of each promise's checker by name.
func (d *driver) judge(t *testing.T, h *history.History) map[string]checker.Result {
	conditions := workloads.Conditions{Settle: d.shape.Settle, Spread: d.shape.Settle / 4, Grace: 2 * time.Second, Ghost: 5 * time.Second}
	results := map[string]checker.Result{}
	for _, promise := range d.workload.Promises(workloads.Consistent, conditions) {
		result := promise.Checker.Check(h, checker.Budget{})
		results[promise.Checker.Name()] = result
		t.Logf("%s: %s: %s", promise.Checker.Name(), result.Verdict, result.Reason)
		if result.Witness != nil {
			t.Logf("    %s", strings.Join(result.Witness.Explanation, "\n    "))
		}
	}
	counts := map[string]int{}
	for _, operation := range h.Operations {
		counts[strings.TrimSpace(fmt.Sprintf("%s %s %s", operation.Function, operation.Outcome, operation.Error))]++
	}
	t.Log(counts)
	return results
}

// A real ZooKeeper keeps what a CP store promises. Two of the workloads write the same znode, so there
// are two ensembles; all run at once. In the end nothing may be unanswered, for nothing goes wrong.
func TestWorkloads(t *testing.T) {
	long(t)
	first, second := newStage(t, 3), newStage(t, 3)
	results := together(t, map[string]*stage{"register": first, "discovery": first, "sequences": first, "multi": first, "sessions": second})
	for name, judged := range results {
		require.Equal(t, checker.Valid, judged["availability"].Verdict, name)
	}
}

// It keeps them through crashes too, and its clients never claim what did not happen, nor deny what did.
// Clients are not told of the crashes, so who had to be served is not judged, nor how soon after them all is
// well again.
func TestWorkloadsThroughCrashes(t *testing.T) {
	long(t)
	first, second := newStage(t, 3), newStage(t, 3)
	disturb := func(s *stage) {
		time.Sleep(1500 * time.Millisecond)
		leader := s.ensemble.Leader()
		s.ensemble.Kill(max(leader, 0))
		time.Sleep(1500 * time.Millisecond)
		_ = s.ensemble.Boot(max(leader, 0))
		time.Sleep(1500 * time.Millisecond)
		paused := s.ensemble.Process((leader + 1) % 3)
		_ = syscall.Kill(paused, syscall.SIGSTOP)
		time.Sleep(1500 * time.Millisecond)
		_ = syscall.Kill(paused, syscall.SIGCONT)
	}
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() { disturb(first) })
	all.Go(func() { disturb(second) })
	together(t, map[string]*stage{"register": first, "discovery": first, "sequences": first, "multi": first, "sessions": second, "watches": second},
		"availability", "continuity", "convergence", "no-missed-event", "event-order", "no-lost-registration", "no-ghost", "no-dead-owner")
}

// together runs workloads at once and judges them: nothing may be wrong but what is named.
func together(t *testing.T, stages map[string]*stage, but ...string) map[string]map[string]checker.Result {
	drivers, histories := map[string]*driver{}, map[string]*history.History{}
	var all sync.WaitGroup
	var mutex sync.Mutex
	for name, s := range stages {
		d := newDriver(t, s, name, 7*time.Second, 3*time.Second)
		d.without = history.Check // which this version cannot bear, see TestLoneCheck
		drivers[name] = d
		all.Go(func() {
			h, err := d.run()
			mutex.Lock()
			defer mutex.Unlock()
			if histories[name] = h; err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	all.Wait()
	results := map[string]map[string]checker.Result{}
	for name, d := range drivers {
		t.Run(name, func(t *testing.T) {
			require.NotNil(t, histories[name])
			results[name] = d.judge(t, histories[name])
			for checked, result := range results[name] {
				require.True(t, result.Verdict != checker.Invalid || slices.Contains(but, checked), checked)
			}
		})
	}
	return results
}
