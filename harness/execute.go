package harness

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"cleave/history"
	"cleave/nemesis"
	"cleave/reports"
	"cleave/workloads"
	"cleave/world"
)

// Execute runs a schedule in a world and gives the history, which it also writes to output line by
// line as it happens; output may be nil. When the context ends, it stops and gives the history up to
// then, with the context's error.
func Execute(ctx context.Context, plan Plan, schedule Schedule, system world.System, w world.World, output io.Writer,
	progress func(reports.Progress)) (*history.History, error) {
	e := &execution{world: w, gauge: gauge{end: history.Time(plan.Duration)}, recorder: history.NewRecorder(output),
		generator: workloads.NewGenerator(schedule.Operations)}
	const besides = 200 // notes, faults and phases, of a run without much trouble
	e.recorder.Expect(2*len(schedule.Operations) + besides)
	run := history.Run{System: plan.System, Workload: plan.Workload, Seed: plan.Seed, Nodes: nodes(plan),
		Clients: placements(plan), Quorum: system.Quorum(plan.Nodes)}
	e.record(history.Event{Type: history.RunEvent, Run: &run})
	if err := e.populate(plan, run, system); err != nil {
		return nil, err
	}
	e.phases(plan)
	nemesis.New(w, run, e.record).Carry(schedule.Faults)
	interrupted := e.pass(ctx, history.Time(plan.Duration), progress)
	h, err := e.recorder.History()
	if err == nil {
		err = interrupted
	}
	return h, err
}

// execution is one run under way.
type execution struct {
	world     world.World
	recorder  *history.Recorder
	generator *workloads.Generator
	users     []*user
	gauge     gauge
}

// user is a client with the process number under which it now acts.
type user struct {
	client  string
	process int
	busy    bool
	ask     func() // for its next operation
}

func (e *execution) record(event history.Event) {
	event.Time = e.world.Now()
	e.recorder.Append(event)
	e.gauge.hear(event)
}

// populate adds nodes and clients and starts every client's work.
func (e *execution) populate(plan Plan, run history.Run, system world.System) error {
	e.world.OnNote(func(note history.Note) { e.record(history.Event{Type: history.NoteEvent, Note: &note}) })
	cluster := world.Cluster{Nodes: run.Nodes, Workload: plan.Workload, Bug: plan.Bug}
	if err := e.world.Populate(system, cluster, run.Clients); err != nil {
		return err
	}
	for number, place := range run.Clients {
		u := &user{client: place.Client, process: number}
		u.ask = func() { e.next(u) }
		e.users = append(e.users, u)
		e.world.At(0, u.ask)
	}
	return nil
}

func (e *execution) phases(plan Plan) {
	enter := func(at time.Duration, phase history.Phase) {
		e.world.At(history.Time(at), func() { e.record(history.Event{Type: history.PhaseEvent, Phase: phase}) })
	}
	window := plan.Window()
	enter(0, history.Warmup)
	enter(window.Start, history.Faults)
	// The end of the last fault belongs to the faults: a nanosecond later all is quiet.
	enter(window.End+1, history.Quiet)
}

// next gives a free client its next operation, or asks again when there will be one.
func (e *execution) next(u *user) {
	request, wait, found := e.generator.Next(u.client, e.world.Now())
	switch {
	case found:
		e.invoke(u, request)
	case wait != history.Forever:
		e.world.At(wait, u.ask)
	}
}

func (e *execution) invoke(u *user, request history.Request) {
	e.record(history.Event{Type: history.Invoke, Process: u.process, Client: u.client,
		Function: request.Function, Key: request.Key, Value: request.Value})
	u.busy = true
	e.world.Invoke(u.client, request, func(c history.Completion) { e.complete(u, request, c) })
}

// complete records an answer. After "info" the client goes on under a new process number, since the
// old one may still be at work.
func (e *execution) complete(u *user, request history.Request, c history.Completion) {
	if !u.busy {
		panic("harness: " + u.client + " completed one request twice")
	}
	if !slices.Contains([]history.Outcome{history.Ok, history.Fail, history.Info}, c.Outcome) {
		panic(fmt.Sprintf("harness: %s completed a request with the outcome %q; it is ok, fail or info", u.client, c.Outcome))
	}
	u.busy = false
	e.record(history.Event{Type: c.Outcome, Process: u.process, Client: u.client, Function: request.Function,
		Key: request.Key, Value: c.Value, Node: c.Node, Version: c.Version, Error: c.Error})
	if c.Outcome == history.Info {
		u.process += len(e.users)
	}
	e.generator.Completed(u.client, request, c)
	e.world.At(e.world.Now(), u.ask)
}

// pass lets time pass to the end, a second at a time, so that it can be stopped and watched.
func (e *execution) pass(ctx context.Context, end history.Time, progress func(reports.Progress)) error {
	for now := history.Time(0); now < end; {
		now = min(now+history.Time(time.Second), end)
		if err := e.world.Run(now); errors.Is(err, world.ErrRunaway) {
			e.record(history.Event{Type: history.NoteEvent, Note: &history.Note{Node: "world", Kind: "runaway", Detail: err.Error()}})
			return nil // the history up to here is judged for what it is worth
		} else if err != nil {
			return err
		}
		if progress != nil {
			progress(e.gauge.read(now))
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}
