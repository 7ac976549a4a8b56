package cleavetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cleave/checker"
	"cleave/harness/shrink"
)

// Run puts a system through a plan: a sub-test for each seed, called seed=7. It fails at once if this cannot be run at all.
func Run(t *testing.T, system System, plan Plan) {
	t.Helper()
	b, err := prepare(t.Name(), system, plan)
	if err != nil {
		t.Fatal(err)
	}
	wanted, err := selected(b.count(testing.Short()), *seedFlag, *seedsFlag, *scheduleFlag)
	if err != nil {
		t.Fatal(err)
	}
	if wanted.schedule == "" && b.fixed() {
		wanted.schedule = plan.Schedule
	}
	if wanted.schedule != "" {
		t.Run("schedule="+filepath.Base(wanted.schedule), func(t *testing.T) {
			t.Helper()
			c, err := b.given(wanted.schedule)
			if err != nil {
				t.Fatal(err)
			}
			b.try(t, c, true)
		})
		return
	}
	for seed := wanted.first; ; seed++ {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			t.Helper()
			if plan.Parallel {
				t.Parallel()
			}
			if b.stuck.Load() {
				t.Skip("a run of another seed did not end")
			}
			c, err := b.seeded(seed)
			if err != nil {
				t.Fatal(err)
			}
			b.try(t, c, (seed-wanted.first)%auditEvery == 0)
		})
		if seed == wanted.last { // which may be the last number there is
			return
		}
	}
}

// auditEvery is of how many runs one is run twice.
const auditEvery = 20

// given is the case that -cleave.schedule names: a run folder, its schedule.json, or a schedule by hand. The same flag runs it
// again.
func (b *bench) given(path string) (shrink.Case, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return shrink.Case{}, err
	}
	custom := *b.base.Custom
	custom.Again = strings.ReplaceAll(custom.Replay, "{folder}", path)
	folder := path
	if filepath.Base(path) == "schedule.json" {
		folder = filepath.Dir(path)
	}
	_, err = shrink.Load(folder)
	b.small = err == nil
	if _, err := os.Stat(filepath.Join(folder, "plan.json")); err == nil {
		return b.repeated(folder, &custom)
	}
	plan := b.base
	plan.Seed, plan.Custom = 1, &custom
	return b.scheduled(plan, path)
}

// tester is what is asked of a testing.T.
type tester interface {
	Helper()
	Name() string
	Context() context.Context
	Log(...any)
	Error(...any)
	Attr(key, value string)
	ArtifactDir() string
}

// try runs a case and says how it went.
func (b *bench) try(t tester, c shrink.Case, twice bool) {
	t.Helper()
	c, run, err := b.fitting(t.Context(), c, twice)
	judgement := run.finished.Judgement
	switch {
	case err != nil:
		if errors.Is(err, errEndless) {
			b.stuck.Store(true)
		}
		b.attribute(t, c, "broken")
		t.Error(err)
	case run.divergence != nil:
		b.attribute(t, c, notDeterministic)
		t.Error(diverged(run.divergence))
	case inert(run.finished):
		b.attribute(t, c, "unknown")
		t.Error(fmt.Sprintf("seed %d shows nothing: whatever would change anything is unsupported, by what Ask and Answer say", c.Plan.Seed))
	case judgement.Verdict == checker.Valid, judgement.Verdict == checker.Unknown && b.plan.AllowUnknown:
		t.Log(passed(run.finished))
	default:
		b.fail(t, c, run.finished)
	}
}

// notDeterministic is the verdict of a run that is another one when it is run again.
const notDeterministic = "not deterministic"

// attribute leaves what machines look for.
func (b *bench) attribute(t tester, c shrink.Case, verdict string) {
	t.Attr("cleave.seed", fmt.Sprint(c.Plan.Seed))
	t.Attr("cleave.verdict", verdict)
	t.Attr("cleave.replay", c.Plan.Command())
}
