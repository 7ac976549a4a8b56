package reports

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"cleave/history"
)

// The layout of a space-time diagram.
const (
	storyLeft   = 64.0
	storyRight  = 16.0
	storyTop    = 26.0
	storyLane   = 46.0
	storyBottom = 24.0
)

// The most that a space-time diagram draws.
const (
	mostStoryLanes   = 14
	mostStoryArrows  = 160
	mostInOneStretch = 16 // arrows between two moments of the story
	mostSpread       = 30 // messages whose own moments have room
)

// storyChart is the space-time diagram of a story: a lane for each node and each client of the story, an
// arrow for each message, a bar for each operation.
func storyChart(s *Story, h *history.History) *drawing {
	windows := windowsOf(h)
	times := newWarp(storyStops(s, h, windows), storyLeft, storyRight, storyRight)
	c := &storyDrawing{story: s, history: h, windows: windows, times: times, lanes: storyLanes(s, h), asked: askedIn(s, h), greetings: greetingsIn(s.Passages)}
	height := storyTop + storyLane*float64(len(c.lanes)) + 4
	c.drawing = &drawing{ID: "story-picture", Title: "Who told whom what", Width: chartWidth, Height: height + storyBottom,
		Desc: "A lane for each node and client, an arrow for each message, a bar for each operation of the story; time goes to the right, not to scale."}
	c.bands(height)
	c.axis(height)
	for i, who := range c.lanes {
		c.lane(i, who)
	}
	c.arrows()
	for _, o := range c.asked {
		c.operation(o)
	}
	c.Table = passageTable(s.Passages)
	return c.drawing
}

// storyDrawing is a space-time diagram being drawn.
type storyDrawing struct {
	*drawing
	story   *Story
	history *history.History
	asked   []history.Operation // that are drawn
	windows []window
	times   warp
	lanes   []string
	taken   []box2       // by labels
	usual   history.Time // how long most messages are under way, once somebody asked

	greetings map[crossing]bool // messages that set up connections
}

// box2 is room taken by a text.
type box2 struct{ x, y, w float64 }

// storyStops are the moments of a story: faults, what nodes say, operations.
func storyStops(s *Story, h *history.History, windows []window) []history.Time {
	stops := []history.Time{s.From, s.To}
	add := func(at history.Time) {
		if at > s.From && at < s.To {
			stops = append(stops, at)
		}
	}
	asked := askedIn(s, h)
	for _, o := range asked {
		add(o.Invoked)
		add(known(o))
	}
	c := storyDrawing{story: s, lanes: storyLanes(s, h), asked: asked, greetings: greetingsIn(s.Passages)}
	spread := 0
	for _, p := range c.culpritFirst() { // what went on meanwhile is drawn apart
		if c.matters(p) > 1 && spread < mostSpread {
			spread++
			add(p.Sent)
			add(p.Ended)
		}
	}
	for _, w := range windows {
		for _, on := range w.on[:min(len(w.on), 6)] {
			add(on.from)
			add(on.to)
		}
	}
	for _, event := range h.Notes() {
		if event.Note.Kind == "leader" || event.Note.Kind == "start" || event.Note.Kind == "panic" {
			add(event.Time)
		}
	}
	return stops
}

// culpritFirst are the messages of the story, first those that were sent while the operation was under way that it points at.
func (c *storyDrawing) culpritFirst() []Passage {
	at := slices.IndexFunc(c.asked, func(o history.Operation) bool { return o.ID == c.story.Culprit })
	if at < 0 {
		return c.story.Passages
	}
	var during, others []Passage
	for _, p := range c.story.Passages {
		if p.Sent >= c.asked[at].Invoked && p.Sent <= known(c.asked[at]) {
			during = append(during, p)
		} else {
			others = append(others, p)
		}
	}
	return append(during, others...)
}

// askedIn are the operations that are drawn: those that contradict each other; of a story about something else, such as who holds
// what, all of the run, if they are few.
func askedIn(s *Story, h *history.History) []history.Operation {
	if len(s.Operations) == 0 && len(h.Operations) <= mostOthers {
		return h.Operations
	}
	return s.Operations
}

// storyLanes are the nodes, and the clients of the operations.
func storyLanes(s *Story, h *history.History) []string {
	lanes := slices.Clone(h.Run.Nodes)
	var clients []string
	for _, o := range askedIn(s, h) {
		if !slices.Contains(clients, o.Client) {
			clients = append(clients, o.Client)
		}
	}
	slices.SortFunc(clients, compareNames)
	lanes = lanes[:min(len(lanes), max(mostStoryLanes-len(clients), 3))]
	return append(lanes, clients[:min(len(clients), mostStoryLanes-len(lanes))]...)
}

func (c *storyDrawing) y(lane int) float64 { return storyTop + storyLane*(float64(lane)+0.5) }

func (c *storyDrawing) laneOf(who string) int { return slices.Index(c.lanes, who) }

func (c *storyDrawing) bands(height float64) {
	drawn := 0
	for _, w := range c.windows {
		if w.harmless() || w.start > c.story.To || w.end < c.story.From {
			continue
		}
		for i, on := range w.on {
			from, to := c.times.x(max(on.from, c.story.From)), c.times.x(min(on.to, c.story.To))
			if drawn++; to <= from || drawn > mostBands {
				continue
			}
			c.rect("band", from, 0, to-from, height, fmt.Sprintf("%s, %s to %s", name(w.first.Kind), clock(on.from), clock(on.to)))
			if i == 0 {
				c.label("fault-label", "start", from+4, 14, clip(w.first.Kind, 28))
			}
		}
	}
}

// axis labels the moments that have room.
func (c *storyDrawing) axis(height float64) {
	last, said := -100.0, ""
	for i, stop := range c.times.stops {
		x := c.times.at[i]
		c.line("guide", x, storyTop-4, 0, height-storyTop+4)
		text := fmt.Sprintf("%.3f", stop.Seconds())
		if i > 0 && i < len(c.times.stops)-1 && x-last > 52 && x < chartWidth-30 && text != said {
			c.text("label", "middle", x, height+15, text)
			last, said = x, text
		}
	}
	c.line("base", storyLeft, height, chartWidth-storyLeft-storyRight, 0)
	c.text("label", "end", storyLeft-12, height+15, "seconds")
}

// lane draws a process's life line: when it leads, is down or paused.
func (c *storyDrawing) lane(i int, who string) {
	y := c.y(i)
	c.text("heading", "end", storyLeft-10, y+5, clean(who, 10))
	c.line("base", storyLeft, y, chartWidth-storyLeft-storyRight, 0)
	spans := c.spans(who)
	for _, span := range spans {
		from, to := c.times.x(max(span.from, c.story.From)), c.times.x(min(span.to, c.story.To))
		if span.to > c.story.From && span.from < c.story.To && to > from {
			c.rect(span.class, from, y-4, to-from, 8, who+" "+span.words)
		}
	}
}

// storySpan is a stretch of a process's life.
type storySpan struct {
	interval
	class, words string
}

func (c *storyDrawing) spans(who string) []storySpan {
	var spans []storySpan
	type state struct{ class, words string }
	open := map[state]history.Time{}
	var order []state
	set := func(class, words string, at history.Time, on bool) {
		one := state{class, words}
		since, is := open[one]
		switch {
		case on && !is:
			open[one], order = at, append(order, one)
		case !on && is:
			delete(open, one)
			spans = append(spans, storySpan{interval{since, at}, class, words})
		}
	}
	for _, event := range c.history.Events {
		switch {
		case event.Type == history.NoteEvent && event.Note.Node == who:
			kind := event.Note.Kind
			if kind == "leader" || kind == "follower" || kind == "start" || kind == "panic" || kind == "halt" || kind == "exit" {
				set("node-leader", "says it leads", event.Time, kind == "leader")
			}
			if kind == "holds" || kind == "yields" {
				what, _, _ := strings.Cut(event.Note.Detail, " ") // and not how: shared
				set("node-holds", "believes that it holds "+clean(what, 60), event.Time, kind == "holds")
			}
		case event.Type == history.FaultEvent:
			down := slices.Contains(event.Fault.After.Down, who)
			if down {
				set("node-leader", "says it leads", event.Time, false)
			}
			set("node-down", "is down", event.Time, down)
			set("node-paused", "is paused", event.Time, slices.Contains(event.Fault.After.Paused, who))
		}
	}
	for _, one := range order {
		set(one.class, one.words, c.history.End(), false)
	}
	return spans
}

// operation draws a bar on its client's lane.
func (c *storyDrawing) operation(o history.Operation) {
	lane := c.laneOf(o.Client)
	if lane < 0 {
		return
	}
	class := "op-" + outcomeWord(o.Outcome)
	if o.ID == c.story.Culprit {
		class += " op-culprit"
	}
	from, to := c.times.x(o.Invoked), c.times.x(known(o))
	if o.Completed == history.Forever {
		to = max(to, chartWidth-storyRight)
	}
	c.rect(class, from, c.y(lane)-7, max(to-from, 5), 14, sentence(o.String()))
	anchor, x := "start", from
	if from > chartWidth-150 {
		anchor, x = "end", max(to, from+5)
	}
	c.label("op-label", anchor, x, c.y(lane)+20, clip(label(o), 24))
}

// label writes a text where there is room for it, and else leaves it out: what it names has a hint.
func (c *storyDrawing) label(class, anchor string, x, y float64, text string) bool {
	width := 6.6 * float64(len([]rune(text)))
	left := x
	switch anchor {
	case "end":
		left = x - width
	case "middle":
		left = x - width/2
	}
	for _, b := range c.taken {
		if math.Abs(b.y-y) < 12 && left < b.x+b.w+4 && b.x < left+width+4 {
			return false
		}
	}
	c.taken = append(c.taken, box2{left, y, width})
	c.text(class, anchor, x, y, text)
	return true
}
