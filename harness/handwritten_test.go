package harness

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/internal/byhand"
	"cleave/nemesis"
	"cleave/workloads"
	"cleave/world"
)

func seconds(n int) nemesis.Duration { return nemesis.Duration(time.Duration(n) * time.Second) }

// What is left out is as the kind has it, and follows from the plan.
func TestAHandWrittenScheduleIsFilledIn(t *testing.T) {
	d, err := parseDraft([]byte(`
faults:
  - {kind: isolate-leader, start: 12.5s, target: minority}
  - {kind: kill-one, start: 20s, target: [n1, n3], draw: 0x10}
  - {kind: flapping, start: 30s, duration: 4s}
  - {kind: flapping, start: 30s, duration: 4s, period: 0s}
`))
	require.NoError(t, err)
	plan := DefaultPlan()
	plan.Seed = 9
	made := []workloads.Planned{{At: 1, Client: "c1", Request: history.Request{Function: history.Read}}}
	s := d.complete(plan, made)
	require.EqualValues(t, 9, s.Seed)
	require.Equal(t, made, s.Operations)
	require.NotEqual(t, s.Faults[0].Draw, s.Faults[2].Draw)
	for i := range s.Faults {
		if i != 1 {
			require.NotZero(t, s.Faults[i].Draw)
			s.Faults[i].Draw = 0
		}
	}
	require.Equal(t, []nemesis.Fault{
		{Kind: "isolate-leader", Start: nemesis.Duration(12500 * time.Millisecond), Duration: nemesis.Duration(27500 * time.Millisecond), Target: "minority"},
		{Kind: "kill-one", Start: seconds(20), Duration: seconds(10), Target: "n1,n3", Draw: 16},
		{Kind: "flapping", Start: seconds(30), Duration: seconds(4), Period: seconds(2)},
		{Kind: "flapping", Start: seconds(30), Duration: seconds(4)},
	}, s.Faults)
}

// Bad YAML is told with the place.
func TestAHandWrittenScheduleIsReadStrictly(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "1:1: the file is empty"},
		{"# nothing\n", "1:1: the file is empty"},
		{"- 1", "1:1: a schedule is written as fields with values, not a list"},
		{"fautls: []", `1:1: unknown field "fautls" of a schedule; there are: faults, operations, seed`},
		{"seed: 1\nseed: 2", "2:1: seed is said twice"},
		{"seed: one", `1:7: a whole number from 0 is wanted here, not "one"`},
		{"seed: -1", `1:7: a whole number from 0 is wanted here, not "-1"`},
		{"seed: 1\n---\nseed: 2", "something follows the end"},
		{"faults: 3", `1:9: faults are written as a list, not "3"`},
		{"faults:\n\t- x", "2:1: not YAML: found character"},
		{"faults: [pause]", `1:10: a fault is written as fields with values, not "pause"`},
		{"faults:\n  - start: 1s", "2:5: a fault has no kind"},
		{"faults:\n  - kind: pause", "2:5: pause has no start"},
		{"faults:\n  - kind: puase\n    start: 1s", `2:11: unknown fault "puase"`},
		{"faults:\n  - kind: pause\n    start: 10", `3:12: a time is written with its unit, such as 12.5s, not "10"`},
		{"faults:\n  - kind: pause\n    start: 10s\n    draw: 1.5", `4:11: a whole number from 0 is wanted here, not "1.5"`},
		{"faults:\n  - kind: pause\n    start: 10s\n    duration: 0s", "2:5: pause lasts 0s; it must last"},
		{"faults:\n  - kind: pause\n    start: 10s\n    target: leeder", `2:5: pause: nobody is "leeder"; a target is one of leader, followers`},
		{"faults:\n  - kind: pause\n    start: 10s\n    target: []", "4:13: a target of no nodes hits nobody"},
		{"faults:\n  - kind: pause\n    start: 10s\n    target: [n1, n1]", "2:5: pause: n1 is named twice"},
		{"faults:\n  - kind: bridge\n    start: 10s\n    target: leader", "2:5: bridge cannot be aimed at \"leader\""},
		{"faults:\n  - kind: isolate-one\n    start: 10s\n    target: all", "2:5: isolate-one cannot be aimed at all nodes"},
		{"faults: &a\n  - *a", "2:5: a fault is written as fields with values, not an alias"},
		{"operations: [{client: c1}]", `1:14: an operation needs a client and a function "f"`},
		{"operations: [{client: c1, f: read, at: 1s, value: {a: 1}}]", "1:51: a value is nothing, a whole number, a text, or a list of these"},
		{"operations: [{client: c1, f: read, at: 1s, must: 1}]", `1:50: true or false is wanted here, not "1"`},
	} {
		_, err := parseDraft([]byte(c.text))
		require.ErrorContains(t, err, c.want, c.text)
	}
}

// What is written as YAML is read as it was.
func TestSchedulesSurviveYAML(t *testing.T) {
	schedule := everyKind()
	for i, value := range []history.Value{history.Nothing, history.Integer(-7), history.Text("a: b\n#\"'é"), history.Text("no"),
		history.List(history.Nothing, history.Integer(3), history.Text(""))} {
		schedule.Operations = append(schedule.Operations, workloads.Planned{At: history.Time(i * 1_000_001), Client: fmt.Sprintf("c%d", i+1), Must: i%2 == 0,
			Request: history.Request{Function: "multi-write", Key: "y", Value: value}})
	}
	text, err := schedule.YAML(true)
	require.NoError(t, err)
	d, err := parseDraft(text)
	require.NoError(t, err, string(text))
	require.Equal(t, schedule, d.complete(DefaultPlan(), nil))
}

func everyKind() Schedule {
	schedule := Schedule{Seed: 1<<64 - 1}
	for i, kind := range nemesis.Catalogue {
		fault := nemesis.One(kind, uint64(i), DefaultPlan().Window())[0]
		if kind.Aim != "" {
			fault.Target = nemesis.Role("n2,n3")
		}
		schedule.Faults = append(schedule.Faults, fault)
	}
	return schedule
}

// The published schema is the one that the code has, and times are as it says.
func TestTheSchemaIsPublished(t *testing.T) {
	made, err := SchemaOfSchedules()
	require.NoError(t, err)
	published, err := os.ReadFile(filepath.Join("..", "docs", "schedule.schema.json"))
	require.NoError(t, err)
	require.Equal(t, string(made), string(published), "write it anew: cleave schedule schema > docs/schedule.schema.json")
	pattern := regexp.MustCompile(timeSchema("").Pattern)
	for _, text := range []string{"12.5s", "1m30s", "-1s", "500ms", ".5s", "1h", "3µs"} {
		require.Regexp(t, pattern, text)
		_, err := time.ParseDuration(text)
		require.NoError(t, err)
	}
	for _, text := range []string{"10", "s", "", "1 s", "1d"} {
		require.NotRegexp(t, pattern, text)
	}
}

// The operations may be left out of JSON too. An old schedule's text stays as it was.
func TestScheduleFilesInJSON(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.json")
	require.NoError(t, os.WriteFile(path, []byte(`{"faults": [{"kind": "pause", "start": "11s", "duration": "3s", "draw": 4}]}`), 0o644))
	d, err := loadDraft(path)
	require.NoError(t, err)
	require.False(t, d.planned || d.seeded)
	text, err := json.Marshal(d.Faults[0])
	require.NoError(t, err)
	require.Equal(t, `{"kind":"pause","start":"11s","duration":"3s","draw":4}`, string(text))
}

// No text crashes the reader, an error has a place, and what is read can be written and read again.
func FuzzHandWrittenSchedule(f *testing.F) {
	text, err := everyKind().YAML(true)
	require.NoError(f, err)
	f.Add(text)
	f.Add([]byte("faults: [{kind: kill-one, start: 20s, target: [n1, n3], draw: 0x10}]"))
	f.Add([]byte("operations: [{client: c1, f: read, at: 1s, value: [1, a, null], must: true}]"))
	f.Add([]byte("a: &a [*a]\n---\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := parseDraft(text)
		if err != nil {
			var place byhand.Misplaced
			require.ErrorAs(t, err, &place)
			require.Positive(t, place.Line)
			require.Positive(t, place.Column)
			return
		}
		s := d.complete(DefaultPlan(), nil)
		again, err := s.YAML(true)
		require.NoError(t, err)
		d, err = parseDraft(again)
		require.NoError(t, err, string(again))
		second, err := d.complete(DefaultPlan(), nil).YAML(true)
		require.NoError(t, err)
		require.Equal(t, string(again), string(second))
	})
}

// What the clients of the plan's workload cannot be asked is refused with its place, before anything runs.
func TestOperationsByHandAreWhatClientsCanDo(t *testing.T) {
	plan := DefaultPlan()
	plan.Workload = "lock"
	const good = "operations:\n  - {at: 11s, client: c1, f: acquire, key: lock-a, value: shared}\n"
	for _, c := range []struct{ line, want string }{
		{"", ""},
		{"  - {at: 12s, client: c1, f: aquire, key: lock-a}", `3:30: the clients of lock cannot "aquire"; they can: acquire`},
		{"  - {at: 12s, client: c1, f: acquire, key: /lock-a}", `3:44: the key of acquire is written NAME, not "/lock-a"`},
		{"  - {at: 12s, client: c1, f: release}", "3:5: the key of release is written NAME"},
		{"  - {at: 12s, client: c1, f: acquire, key: lock-a, value: 1}", "3:59: the value of acquire is shared, or nothing, not 1"},
		{"  - {at: 60s, client: c1, f: acquire, key: lock-a}", "3:10: at 1m0s nobody asks any more: the run ends at 1m0s"},
		{"  - {at: 12s, client: c11, f: acquire, key: lock-a}", `3:23: there is no client "c11"; there are c1 to c10`},
	} {
		path := filepath.Join(t.TempDir(), "mine.yaml")
		require.NoError(t, os.WriteFile(path, []byte(good+c.line), 0o600))
		_, err := LoadSchedule(path, plan, world.System{Name: "cpstore"})
		if c.want == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, path+":"+c.want, c.line)
		_, err = ReadSchedule(path, plan, world.System{Name: "cpstore"})
		require.NoError(t, err, "it is only read")
	}
	path := filepath.Join(t.TempDir(), "mine.json")
	require.NoError(t, os.WriteFile(path, []byte(`{"faults": [], "operations": [{"at": 1, "client": "c1", "f": "join", "key": "x"}]}`), 0o600))
	_, err := LoadSchedule(path, plan, world.System{Name: "cpstore"})
	require.ErrorContains(t, err, path+`: operation 0: the clients of lock cannot "join"`)
}

// A fault that a plan has no nodes or no time for is refused with its place, or in JSON with its file and its start.
func TestFaultsByHandFitThePlan(t *testing.T) {
	plan := DefaultPlan()
	for _, c := range []struct{ fields, want string }{
		{"kind: replace-member, start: 20s, target: [n1, n2]", ""},
		{"kind: isolate-leader, start: 39.9s", ""},
		{"kind: replace-member, start: 25s", ""},
		{"kind: replace-member, start: 40s",
			"the fault at 40s: replace-member cannot start then: faults are between the warm-up's end at 10s and the quiet phase at 40s"},
		{"kind: isolate-leader, start: 9.9s", "the fault at 9.9s: isolate-leader cannot start then"},
		{"kind: isolate-leader, start: 50s", "the fault at 50s: isolate-leader cannot start then"},
		{"kind: replace-member, start: 30s", "the fault at 30s: replace-member lasts 15s, into the quiet phase at 40s; its duration can be 10s at most"},
		{"kind: pause, start: 30s, duration: 2562047h", "the fault at 30s: pause lasts 2562047h0m0s, into the quiet phase"},
		{"kind: remove-member, start: 20s, target: [n1, n9]", `the fault at 20s: remove-member: nobody is "n9"; a target is one of`},
		{"kind: replace-member, start: 20s, period: 1s", "replace-member does not go on and off"},
		{"kind: replace-member, start: 20s, period: 0s", ""},
		{"kind: pause, start: 20s, offset: 1s", "pause moves no clocks"},
	} {
		path := filepath.Join(t.TempDir(), "mine.yaml")
		require.NoError(t, os.WriteFile(path, []byte("faults:\n  - {kind: pause, start: 12s}\n  - {"+c.fields+"}\n"), 0o600))
		schedule, err := LoadSchedule(path, plan, world.System{Name: "cpstore"})
		if c.want == "" {
			require.NoError(t, err)
			require.NoError(t, schedule.Validate(plan))
			continue
		}
		require.ErrorContains(t, err, path+":3:5: "+c.want)
	}
	path := filepath.Join(t.TempDir(), "mine.json")
	require.NoError(t, os.WriteFile(path, []byte(`{"faults": [{"kind": "pause", "start": "41s", "duration": "3s", "draw": 4}]}`), 0o600))
	_, err := LoadSchedule(path, plan, world.System{Name: "cpstore"})
	require.ErrorContains(t, err, path+": the fault at 41s: pause cannot start then")
}
