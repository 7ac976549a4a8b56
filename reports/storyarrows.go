package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cleave/history"
)

// arrows draws the messages: of each stretch of the story those that matter most, and a note tells how many
// are left out.
func (c *storyDrawing) arrows() {
	shown, hidden := c.chosen()
	for _, operation := range c.asked { // their bars come first in the room for labels
		if lane := c.laneOf(operation.Client); lane >= 0 {
			c.taken = append(c.taken, box2{c.times.x(operation.Invoked), c.y(lane) + 20, 150})
		}
	}
	for _, p := range shown {
		c.arrow(p)
	}
	c.taken = slices.DeleteFunc(c.taken, func(b box2) bool { return b.w == 150 })
	if hidden == 0 {
		return
	}
	if !named(c.story.Passages) {
		c.Notes = append(c.Notes, plural(hidden, "message is", "messages are")+" not drawn: what came when nothing else happened.")
		return
	}
	first := "heartbeats first"
	if greetings := c.undrawnGreetings(shown); greetings > 0 {
		first = plural(greetings, "is a greeting or the answer", "are greetings and their answers") + ", which set up connections; heartbeats go first"
	}
	c.Notes = append(c.Notes, plural(hidden, "message is", "messages are")+" not drawn: "+first+", then what came when nothing else happened.")
}

// undrawnGreetings counts those messages of the story that set up connections and are not shown.
func (c *storyDrawing) undrawnGreetings(shown []Passage) int {
	count := 0
	for _, p := range c.story.Passages {
		if c.greetings[crossingOf(p)] && c.laneOf(p.From) >= 0 && c.laneOf(p.To) >= 0 && p.Sent >= c.story.From && p.Sent <= c.story.To {
			count++
		}
	}
	for _, p := range shown {
		if c.greetings[crossingOf(p)] {
			count--
		}
	}
	return count
}

// crossing is what tells one message from another.
type crossing struct {
	from, to    string
	sent, ended history.Time
}

func crossingOf(p Passage) crossing { return crossing{p.From, p.To, p.Sent, p.Ended} }

// greetingsIn are the messages that set up connections: a client's greeting, and what it is answered first.
func greetingsIn(passages []Passage) map[crossing]bool {
	all := map[crossing]bool{}
	for i, p := range passages {
		if !slices.Contains(p.Types, greeting) {
			continue
		}
		all[crossingOf(p)] = true
		for _, answer := range passages[i+1:] {
			if answer.From == p.To && answer.To == p.From && answer.Sent >= p.Ended {
				all[crossingOf(answer)] = true
				break
			}
		}
	}
	return all
}

// greeting is what the first message of a connection carries.
const greeting = "greeting"

// needless tells whether a message only sets up a connection: nobody of the story waits for that, and it is neither lost nor late.
func (c *storyDrawing) needless(p Passage) bool {
	return c.greetings[crossingOf(p)] && !p.Lost && !c.late(p) && !slices.ContainsFunc(c.asked, func(o history.Operation) bool {
		return (p.From == o.Client || p.To == o.Client) && p.Sent >= o.Invoked && p.Sent <= known(o)
	})
}

// chosen are the messages that are drawn, in order of sending.
func (c *storyDrawing) chosen() (shown []Passage, hidden int) {
	var drawable []Passage
	for _, p := range c.story.Passages {
		if c.laneOf(p.From) >= 0 && c.laneOf(p.To) >= 0 && p.Sent >= c.story.From && p.Sent <= c.story.To {
			drawable = append(drawable, p)
		}
	}
	ranked := slices.Clone(drawable)
	slices.SortStableFunc(ranked, func(a, b Passage) int { return cmp.Compare(c.matters(b), c.matters(a)) })
	room := map[int]int{}
	for _, p := range ranked {
		stretch := c.times.stretch(p.Sent)
		if room[stretch] < mostInOneStretch && len(shown) < mostStoryArrows && c.matters(p) > 0 {
			room[stretch]++
			shown = append(shown, p)
		}
	}
	slices.SortStableFunc(shown, func(a, b Passage) int { return cmp.Compare(a.Sent, b.Sent) })
	return shown, len(drawable) - len(shown)
}

// matters ranks a message: one sent while an operation of the story was under way tells most, one that says
// no more than that its sender lives is not drawn.
func (c *storyDrawing) matters(p Passage) int {
	score := 1
	if p.idle() && named(c.story.Passages) || c.needless(p) {
		score = 0
	}
	for _, o := range c.asked {
		if p.Sent >= o.Invoked && p.Sent <= known(o) {
			score += 2 * score
			if p.From == o.Client || p.To == o.Client {
				score += 4
			}
		}
	}
	if p.Lost && score > 0 {
		score++
	}
	return score
}

// arrow draws one message, from when and where it was sent to when and where it arrived; one that was lost
// ends half way, with a cross.
func (c *storyDrawing) arrow(p Passage) {
	x1, y1 := c.times.x(p.Sent), c.y(c.laneOf(p.From))
	x2, y2 := c.times.x(min(p.Ended, c.story.To)), c.y(c.laneOf(p.To))
	x2 = max(x2, x1+2)
	down := 1.0
	if y2 < y1 {
		down = -1
	}
	what := strings.Join(p.Types, ", ")
	if what == "" {
		what = "message"
	}
	hint := fmt.Sprintf("%s to %s: %s, sent at %s, arrived at %s", name(p.From), name(p.To), name(what), clock(p.Sent), clock(p.Ended))
	class, path := "message", ""
	if c.late(p) {
		class = "message message-late"
		hint += ", after " + duration(float64(p.Ended-p.Sent)/1e6) + ": late"
	}
	if p.Lost {
		x2, y2 = x1+(x2-x1)*0.4+4, y1+(y2-y1)*0.4
		class, hint = "message-lost", strings.Replace(hint, "arrived at", "lost by", 1)
		path = fmt.Sprintf("M%g %gL%g %gM%g %gl6 6m0 -6l-6 6", round(x1), round(y1), round(x2), round(y2), round(x2-3), round(y2-3))
	} else {
		y2 -= 5 * down
		path = fmt.Sprintf("M%g %gL%g %gM%g %gl3.5 %gl3.5 %g", round(x1), round(y1), round(x2), round(y2), round(x2-3.5), round(y2-6*down), 6*down, -6*down)
	}
	c.Shapes = append(c.Shapes, shape{Kind: "path", Class: class, Path: path, Hint: hint})
	if !p.idle() {
		c.label("message-label", "start", (x1+x2)/2+5, (y1+y2)/2+4, clip(what, 18))
	}
}

// late tells whether a message was under way for ten times as long as most: it was held back, or lost and sent again.
func (c *storyDrawing) late(p Passage) bool {
	if c.usual == 0 {
		var times []history.Time
		for _, one := range c.story.Passages {
			if !one.Lost {
				times = append(times, one.Ended-one.Sent)
			}
		}
		if slices.Sort(times); len(times) > 0 {
			c.usual = max(times[len(times)/2], 1)
		}
	}
	return !p.Lost && p.Ended-p.Sent >= 10*c.usual
}

// passageTable lists the messages, for those who cannot see the picture.
func passageTable(passages []Passage) table {
	t := table{Caption: "The messages of the story", Head: []string{"sent", "from", "to", "what", "arrived"}}
	for _, p := range passages {
		if p.idle() && named(passages) {
			continue
		}
		end := clock(p.Ended)
		if p.Lost {
			end = "lost by " + end
		} else if p.Ended == history.Forever {
			end = "never"
		}
		t.add(clock(p.Sent), name(p.From), name(p.To), name(strings.Join(p.Types, ", ")), end)
	}
	t.bound()
	return t
}
