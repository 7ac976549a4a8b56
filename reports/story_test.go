package reports_test

import (
	"bytes"
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/golden"
	"cleave/reports"
)

const millisecond = history.Time(1e6)

// storyHistory is a stale read: n3 leads and is cut off at 2 s; n1 follows it; c2 writes by n2 and c3 reads
// at n3.
func storyHistory(t testing.TB) *history.History {
	run := history.Run{System: "cpstore", Workload: "register", Seed: 2, Quorum: 2, Nodes: []string{"n1", "n2", "n3"}, Clients: []history.Placement{
		{Client: "c1", Host: "n1"}, {Client: "c2", Host: "n2"}, {Client: "c3", Host: "n3"}}}
	var cut []history.Link
	for _, other := range []string{"n1", "n2"} {
		cut = append(cut, history.Link{From: other, To: "n3"}, history.Link{From: "n3", To: other})
	}
	fault := func(stage history.Stage, detail string, after history.Connectivity) history.Event {
		return history.Event{Type: history.FaultEvent, Fault: &history.Fault{Kind: "isolate-leader", Stage: stage, Nodes: []string{"n3"}, Links: 8,
			Groups: []string{"n3 c3", "n1 n2 c1 c2"}, Detail: detail, Quorum: "kept", Leader: "n3", LeaderSide: "minority", After: after}}
	}
	note := func(node, kind, detail string) history.Event {
		return history.Event{Type: history.NoteEvent, Note: &history.Note{Node: node, Kind: kind, Detail: detail}}
	}
	var events []history.Event
	add := func(at history.Time, event history.Event) {
		event.Time, event.Index = at, len(events)
		events = append(events, event)
	}
	add(0, history.Event{Type: history.RunEvent, Run: &run})
	add(1417*millisecond, note("n3", "leader", "term 2"))
	add(2000*millisecond, fault(history.FaultStart, "n3, the leader, is cut off", history.Connectivity{Cut: cut}))
	add(2973*millisecond, note("n1", "leader", "term 3"))
	add(3000*millisecond, history.Event{Type: history.Invoke, Process: 1, Client: "c2", Function: history.Write, Key: "z", Value: history.Integer(42)})
	add(3003*millisecond, history.Event{Type: history.Ok, Process: 1, Client: "c2", Function: history.Write, Key: "z", Value: history.Integer(42), Node: "n2"})
	add(3010*millisecond, history.Event{Type: history.Invoke, Process: 2, Client: "c3", Function: history.QuorumRead, Key: "z"})
	add(3011*millisecond, history.Event{Type: history.Ok, Process: 2, Client: "c3", Function: history.QuorumRead, Key: "z", Node: "n3"})
	add(3500*millisecond, fault(history.FaultEnd, "over: n3, the leader, is cut off", history.Connectivity{}))
	add(3600*millisecond, note("n3", "follower", "term 3"))
	h, err := history.New(events)
	require.NoError(t, err)
	return h
}

func storyPassages() []reports.Passage {
	p := func(from, to, kind string, sent, ended history.Time, lost bool) reports.Passage {
		return reports.Passage{From: from, To: to, Types: []string{kind}, Sent: sent * millisecond / 10, Ended: ended * millisecond / 10, Lost: lost}
	}
	return []reports.Passage{
		p("n3", "n1", "heartbeat", 20500, 20500, true), p("n3", "n2", "heartbeat", 20500, 20500, true), p("n1", "n2", "vote", 29600, 29605, false),
		p("n1", "n3", "vote", 29600, 29600, true), p("n2", "n1", "vote answer", 29710, 29720, false),
		p("c2", "n2", "request setData", 30000, 30001, false), p("n2", "n1", "forwarded write", 30001, 30006, false),
		p("n1", "n2", "append", 30006, 30011, false), p("n1", "n3", "append", 30006, 30006, true), p("n2", "n1", "append answer", 30016, 30021, false),
		p("n1", "n2", "commit", 30021, 30026, false), p("n2", "c2", "reply", 30029, 30030, false),
		p("c3", "n3", "request getData", 30100, 30104, false), p("n3", "c3", "reply", 30106, 30110, false),
	}
}

func storyResult(h *history.History) checker.Result {
	return checker.Result{Checker: "linearizable", Title: "writes and quorum reads are linearizable", Promise: "writes and quorum reads are linearizable",
		Verdict: checker.Invalid, Reason: "no order of the operations on z gives the answers seen", Witness: &checker.Witness{Key: "z",
			Operations: h.Operations,
			Explanation: []string{"c2 wrote 42 at 3.000-3.003 s, acknowledged",
				"c3 read nil at 3.010-3.011 s, but 42 had been written and acknowledged at 3.003 s"}}}
}

func storyReport(t testing.TB) reports.Run {
	h := storyHistory(t)
	result := storyResult(h)
	story := reports.NewStory(h, result, storyPassages())
	return reports.Run{System: "cpstore", Workload: "register", Fault: "file", World: "sim", Version: "1", Seed: 2, Verdict: checker.Invalid,
		Promises: []checker.Result{result}, History: h, Replay: "cleave replay store/x", Story: &story}
}

// A story is told in order, with roles, messages and the contradiction, and ends with why.
func TestStory(t *testing.T) {
	run := storyReport(t)
	var terminal, page bytes.Buffer
	require.NoError(t, reports.TerminalStory(&terminal, *run.Story, false))
	golden.Equal(t, "testdata/story.txt", terminal.String())
	require.LessOrEqual(t, widest(terminal.String()), 80)
	require.NoError(t, reports.MarkdownStory(&page, *run.Story, run.Replay))
	golden.Equal(t, "testdata/story.md", page.String())
	require.Equal(t, runPage(t, storyReport(t)), runPage(t, storyReport(t)))
}

// Of several faults of a kind it is told which one is over.
func TestStoryTellsFaultsApart(t *testing.T) {
	first := storyHistory(t)
	events := append([]history.Event{}, first.Events...)
	for i, shift := range []history.Time{0, 1000 * millisecond} { // the same fault again, 1 s after it began
		for _, event := range first.Faults() {
			fault := *event.Fault
			fault.ID, event.Fault, event.Time = i, &fault, event.Time+shift
			if i > 0 {
				events = append(events, event)
			}
		}
	}
	slices.SortStableFunc(events, func(a, b history.Event) int { return cmp.Compare(a.Time, b.Time) })
	for i := range events {
		events[i].Index = i
	}
	h, err := history.New(events)
	require.NoError(t, err)
	result := storyResult(first)
	told := strings.Join(reports.NewStory(h, result, storyPassages()).Sentences, "\n")
	require.Contains(t, told, "The fault isolate-leader of 2.000 s is still in force")
	require.Contains(t, told, "The fault isolate-leader of 3.000 s is still in force")
}

// A sentence about several operations is told when the one happened that it names first; the others are told too, also one that
// was never answered, each at its time.
func TestStoryIsInOrder(t *testing.T) {
	h := storyHistory(t)
	events := append([]history.Event{}, h.Events[:4]...)
	add := func(at history.Time, event history.Event) {
		event.Time = at
		events = append(events, event)
	}
	ask := func(at history.Time, process int, client string, function history.Function) {
		add(at, history.Event{Type: history.Invoke, Process: process, Client: client, Function: function, Key: "b"})
	}
	ask(3000*millisecond, 1, "c2", history.Enter)
	ask(3001*millisecond, 2, "c3", history.Enqueue)
	add(3007*millisecond, history.Event{Type: history.Ok, Process: 1, Client: "c2", Function: history.Enter, Key: "b", Node: "n2"})
	ask(3010*millisecond, 3, "c1", history.Leave)
	add(3012*millisecond, history.Event{Type: history.Ok, Process: 3, Client: "c1", Function: history.Leave, Key: "b", Node: "n1"})
	add(4001*millisecond, history.Event{Type: history.Info, Process: 2, Client: "c3", Function: history.Enqueue, Key: "b", Error: "timeout"})
	for i := range events {
		events[i].Index = i
	}
	h, err := history.New(events)
	require.NoError(t, err)
	result := storyResult(h)
	result.Witness.Operations, result.Witness.Explanation = h.Operations,
		[]string{"c1 left b 3.010-3.012 s, and c2, which had entered 3.000-3.007 s, had not asked to leave"}
	told := strings.Join(reports.NewStory(h, result, nil).Sentences, "\n")
	last := 0
	for _, sentence := range []string{"At 3.000 s c2 asks for enter b; ok at 3.007 s.",
		"At 3.001 s c3 asks for enqueue b; it is never answered: given up at 4.001 s, and nobody knows whether it was done.",
		"c1 left b 3.010-3.012 s"} {
		require.Contains(t, told, sentence)
		require.Greater(t, strings.Index(told, sentence), last, "%s: too early in\n%s", sentence, told)
		last = strings.Index(told, sentence)
	}
}

// Messages that set up connections are left out of the picture, unless somebody of the story waits for them, or they were lost.
func TestStoryPictureLeavesGreetingsOut(t *testing.T) {
	h := storyHistory(t)
	drawn := func(greetings ...reports.Passage) (string, string) {
		run := storyReport(t)
		story := reports.NewStory(h, storyResult(h), append(storyPassages(), greetings...))
		run.Story = &story
		page := runPage(t, run)
		picture := page[strings.Index(page, `id="story-picture-title"`):]
		return picture[:strings.Index(picture, "</svg>")], page
	}
	greeting := func(sent history.Time, lost bool) []reports.Passage {
		at := sent * millisecond / 10
		return []reports.Passage{{From: "c2", To: "n2", Types: []string{"greeting"}, Sent: at, Ended: at + 100_000, Lost: lost},
			{From: "n2", To: "c2", Types: []string{"reply"}, Sent: at + 200_000, Ended: at + 300_000}}
	}
	picture, page := drawn(greeting(25000, false)...)
	require.NotContains(t, picture, "greeting")
	require.Equal(t, 10, strings.Count(picture, `class="message"`), "the answer is left out too")
	require.Contains(t, page, "4 messages are not drawn: 2 are greetings and their answers, which set up connections; heartbeats go first")
	picture, _ = drawn(greeting(25000, true)...)
	require.Contains(t, picture, "greeting", "it was lost")
	picture, _ = drawn(greeting(30002, false)...)
	require.Contains(t, picture, "greeting", "c2 waited for it")
}

// A story about who holds what has no operations that contradict each other: its picture shows all of the run, and who believes that
// he holds it from when to when.
func TestStoryPictureOfHolders(t *testing.T) {
	h := storyHistory(t)
	events := append([]history.Event{}, h.Events...)
	for i, note := range []history.Note{{Node: "c3", Kind: "holds", Detail: "lock shared"}, {Node: "c3", Kind: "yields", Detail: "lock"},
		{Node: "c2", Kind: "holds", Detail: "lock"}, {Node: "n1", Kind: "follower"}} {
		events = append(events, history.Event{Time: 3610*millisecond + history.Time(i)*millisecond, Type: history.NoteEvent, Note: &note})
	}
	for i := range events {
		events[i].Index = i
	}
	h, err := history.New(events)
	require.NoError(t, err)
	result := storyResult(h)
	result.Witness = &checker.Witness{Key: "lock", Operations: []history.Operation{},
		Explanation: []string{"c3 believed from 3.610 s until 3.611 s that it held lock"}}
	story := reports.NewStory(h, result, storyPassages())
	run := storyReport(t)
	run.History, run.Story = h, &story
	page := runPage(t, run)
	picture := page[strings.Index(page, `id="story-picture-title"`):]
	picture = picture[:strings.Index(picture, "</svg>")]
	require.Equal(t, 2, strings.Count(picture, "believes that it holds lock</title>"))
	require.Contains(t, picture, ">c2</text>")
	require.Contains(t, picture, ">c3</text>")
	require.Contains(t, page, "believes that it holds what is contended for")
	require.Contains(t, strings.Join(story.Sentences, "\n"), "At 3.612 s c2 holds lock, as far as it knows.")
	require.NotContains(t, runPage(t, storyReport(t)), "what is contended for")
}

// The picture has a lane for everybody, an arrow for each message but heartbeats, and the answer that does
// not fit outlined.
func TestStoryPicture(t *testing.T) {
	page := runPage(t, storyReport(t))
	requireWellFormed(t, parse(t, page))
	picture := page[strings.Index(page, `id="story-picture-title"`):]
	picture = picture[:strings.Index(picture, "</svg>")]
	require.Equal(t, 10, strings.Count(picture, `class="message"`))
	require.Equal(t, 2, strings.Count(picture, `class="message-lost"`))
	require.Equal(t, 1, strings.Count(picture, "op-culprit"))
	for _, who := range []string{"n1", "n2", "n3", "c2", "c3"} {
		require.Contains(t, picture, ">"+who+"</text>")
	}
	require.Less(t, strings.Index(page, `id="story"`), strings.Index(page, `id="evidence"`))
	without := storyReport(t)
	without.Story = nil
	require.NotContains(t, runPage(t, without), `id="story"`)
}

// Where nobody says what messages carry, none of them is taken for a heartbeat: all are drawn, without a name.
func TestStoryPictureOfMessagesWithoutNames(t *testing.T) {
	h := storyHistory(t)
	passages := storyPassages()
	for i := range passages {
		passages[i].Types = nil
	}
	run := storyReport(t)
	story := reports.NewStory(h, storyResult(h), passages)
	run.Story = &story
	page := runPage(t, run)
	picture := page[strings.Index(page, `id="story-picture-title"`):]
	picture = picture[:strings.Index(picture, "</svg>")]
	require.Equal(t, 10, strings.Count(picture, `class="message"`))
	require.Equal(t, 4, strings.Count(picture, `class="message-lost"`), "heartbeats too: nobody can tell")
	require.NotContains(t, page, "heartbeats")
	require.Contains(t, page, "The messages of the story")
	crowd := passages[:1:1]
	for len(crowd) < 1000 {
		crowd = append(crowd, passages[2])
	}
	require.Len(t, reports.NewStory(h, storyResult(h), crowd).Passages, 400, "the bound leaves those of the beginning")
}

// However much happened, a story is a page, and its picture is bounded, with a note on what is left out.
func TestStoryIsBounded(t *testing.T) {
	h := storyHistory(t)
	events := append([]history.Event{}, h.Events[:3]...)
	for i := range 2000 {
		events = append(events, history.Event{Time: 2100*millisecond + history.Time(i)*1000, Type: history.NoteEvent,
			Note: &history.Note{Node: "n1", Kind: []string{"follower", "leader"}[i%2], Detail: "term 9"}})
	}
	events = append(events, h.Events[3:]...)
	for i := range events {
		events[i].Index = i
	}
	h, err := history.New(events)
	require.NoError(t, err)
	passages := storyPassages()
	for i := range 20_000 {
		at := 2000*millisecond + history.Time(i)*50_000
		passages = append(passages, reports.Passage{From: "n1", To: "n2", Types: []string{fmt.Sprintf("kind %d", i)}, Sent: at, Ended: at + millisecond})
	}
	story := reports.NewStory(h, storyResult(h), passages)
	require.LessOrEqual(t, len(story.Sentences), 24)
	require.Contains(t, strings.Join(story.Sentences, "\n"), "lesser events are left out")
	require.Contains(t, strings.Join(story.Sentences, "\n"), "but 42 had been written")
	require.LessOrEqual(t, len(story.Passages), 400)
	run := storyReport(t)
	run.History, run.Story = h, &story
	page := runPage(t, run)
	require.Less(t, len(page), 1<<20)
	require.Contains(t, page, "messages are not drawn")
}

// A story of unknown origin, and one without anything in it, is shown as text.
func TestStoryOfHostileText(t *testing.T) {
	for _, text := range []string{"", "<script>alert(1)</script>", "\x00\u202e" + strings.Repeat("long ", 2000)} {
		run := storyReport(t)
		fill(reflect.ValueOf(run.Story).Elem(), text)
		page := runPage(t, run)
		require.NotContains(t, page, "<script>")
		requireWellFormed(t, parse(t, page))
		var out bytes.Buffer
		require.NoError(t, reports.TerminalStory(&out, *run.Story, true))
		require.NoError(t, reports.MarkdownStory(&out, *run.Story, text))
		require.NotContains(t, out.String(), "\x00")
	}
	empty := reports.NewStory(&history.History{}, checker.Result{}, nil)
	require.NotEmpty(t, empty.Sentences)
	require.Error(t, reports.TerminalStory(brokenPipe{}, empty, false))
	require.Error(t, reports.MarkdownStory(brokenPipe{}, empty, ""))
}

// What several nodes say of who belongs at nearly the same time is one sentence, and so is what they say later; an answer of a node
// that is no member by then is told as such.
func TestStoryOfMembers(t *testing.T) {
	first := storyHistory(t)
	events := append([]history.Event{}, first.Events...)
	note := func(at history.Time, node, kind, detail string) {
		events = append(events, history.Event{Time: at, Type: history.NoteEvent, Note: &history.Note{Node: node, Kind: kind, Detail: detail}})
	}
	note(2100*millisecond, "n3", "members", "at 3: n1 n2 n3")
	note(2500*millisecond, "n1", "members", "at 4: n1 n2")
	note(2501*millisecond, "n2", "members", "at 4: n1 n2")
	note(2550*millisecond, "n3", "members", "by 4: n1 n2")
	note(2600*millisecond, "n2", "members", "at 5: n1 n2, learning n3.1")
	note(2700*millisecond, "n2", "members", "at 6: n1 n2")
	note(2800*millisecond, "n1", "members", "quite other words")
	slices.SortStableFunc(events, func(a, b history.Event) int { return cmp.Compare(a.Time, b.Time) })
	for i := range events {
		events[i].Index = i
	}
	h, err := history.New(events)
	require.NoError(t, err)
	told := strings.Join(reports.NewStory(h, storyResult(first), nil).Sentences, "\n")
	for _, sentence := range []string{
		"At 2.100 s n3 takes n1 n2 n3 to be the members (from entry 3 of the log on).\n",
		"At 2.500-2.501 s n1 and n2 take n1 n2 to be the members (from entry 4 of the log on).\n",
		"At 2.550 s n3 finds n1 n2 to be the members (at entry 4 of the log).\n",
		"At 2.600 s n2 takes n1 n2, with n3.1 (n3 as a new member) learning, to be the members (from entry 5 of the log on).\n",
		"At 2.800 s n1 says who the members are (quite other words).\n",
		"The answer is n3's, which says that it leads, which is no member by what n2 said at 2.700 s, cut off from n1 and n2.\n",
	} {
		require.Contains(t, told, sentence)
	}
	require.NotContains(t, told, "The answer is n2's, which is no member")
}

// The reason that a story ends with is a sentence of its own, also when it ends with a question.
func TestStoryEndsWithTheReason(t *testing.T) {
	h := storyHistory(t)
	result := storyResult(h)
	for reason, want := range map[string]string{
		"n1 panicked: was the log lost?": "So n1 panicked: was the log lost? The promise “writes and quorum reads are linearizable” is broken.",
		"nothing fits.":                  "So nothing fits. The promise “writes and quorum reads are linearizable” is broken.",
		"nothing fits":                   "So nothing fits. The promise “writes and quorum reads are linearizable” is broken.",
	} {
		result.Reason = reason
		result.Witness.Explanation = []string{reason}
		sentences := reports.NewStory(h, result, nil).Sentences
		require.Equal(t, want, sentences[len(sentences)-1])
		require.NotContains(t, strings.Join(sentences, "\n"), "?.")
	}
}
