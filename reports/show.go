package reports

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"cleave/checker"
	"cleave/history"
)

// What TerminalShow draws at most: the rest is counted.
const (
	showLabel   = 14 // columns of the names at the left
	showClients = 24
	showNodes   = 12
	showFaults  = 12
	showBroken  = 3
)

// TerminalShow draws a run for a terminal of so many columns, 40 at least: the phases, each fault while it was in force, what
// each node was and how each client fared, on one axis of time; then why a promise was broken, with the operations
// that show it, and its story if there is one. It errors only if out does.
//
//	kill-all                   ======
//	n1            LLLLLLLLLLLLLxxxxxx     LLLLLL
//	c1            =============xxxxxx??==-======
func TerminalShow(out io.Writer, run Run, width int, color bool) error {
	s := show{screen: &screen{out: out, color: color}, width: max(width, 40)}
	b := bannerOf(run)
	s.line(s.paint(b.Class, strings.TrimRight(fit(fmt.Sprintf("%s %s: %s", b.Icon, b.Word, b.Headline), s.width), " ")))
	s.wrapped(tested(run), 0, s.width)
	s.early(run, s.width)
	if run.History != nil && len(run.History.Operations) > 0 {
		s.timeline(run.History)
	}
	s.evidence(run.Promises)
	if run.Story != nil && !run.Story.Excerpt {
		s.line("")
		s.numbered(append([]string{run.Story.Title}, run.Story.Sentences...))
	}
	s.line("")
	if run.Folder != "" {
		s.path("folder: ", sentence(run.Folder))
	}
	for _, line := range command("again:  "+clean(run.Replay, longCommand), s.width) {
		s.line(line)
	}
	return s.err
}

// show is a terminal of some width, with the axis of a run on it.
type show struct {
	*screen
	width int
	axis  axis
}

// columns is how many the axis has.
func (s *show) columns() int { return s.width - showLabel }

// column is where an instant is on the axis.
func (s *show) column(at history.Time) int {
	columns := s.columns()
	return min(max(int(float64(at)/float64(s.axis.end)*float64(columns)), 0), columns-1)
}

// row writes a line of the timeline: its name, and what is on the axis.
func (s *show) row(label, class string, cells []rune) {
	s.line(fit(clip(label, showLabel-1), showLabel) + s.paint(class, strings.TrimRight(string(cells), " ")))
}

func (s *show) blank() []rune { return []rune(strings.Repeat(" ", s.columns())) }

func (s *show) timeline(h *history.History) {
	windows := windowsOf(h)
	s.axis = newAxis(h, windows)
	s.line("")
	s.scale()
	for i, w := range windows {
		if i == showFaults {
			s.line(fmt.Sprintf("(%s not drawn)", plural(len(windows)-i, "further fault is", "further faults are")))
			break
		}
		cells := s.blank()
		for _, on := range w.on {
			s.fill(cells, on, '=')
		}
		s.row(w.first.Kind, "unsure", cells)
	}
	nodes := h.Run.Nodes
	if len(nodes) == 0 {
		nodes = lanesOfNodes(h)
	}
	for _, node := range nodes[:min(len(nodes), showNodes)] {
		s.node(h, node)
	}
	if extra := len(nodes) - showNodes; extra > 0 {
		s.line(fmt.Sprintf("(%s not drawn)", plural(extra, "further node is", "further nodes are")))
	}
	s.clients(h)
	s.line("")
	s.wrapped("Faults: = in force. Nodes: L says it leads, x down, p paused, ! panicked. Clients: = all ok, - some ok, "+
		"x none, certainly, ? none, and of some nobody knows, . waiting; blank: nothing asked.", 0, s.width)
}

// scale writes the phases, and the seconds below them. What has no room before the next is left out but for its mark.
func (s *show) scale() {
	phases, ticks := s.blank(), s.blank()
	end := s.seconds(s.axis.end)
	last := s.columns() - len(end)
	put(ticks, last, end)
	for i, phase := range s.axis.phases {
		from, next, left := s.column(phase.from), s.columns(), last-1
		if i+1 < len(s.axis.phases) {
			next = s.column(s.axis.phases[i+1].from)
			left = min(left, next)
		}
		if next > from+2 {
			put(phases, from, "|"+clip(s.axis.names[i], next-from-1))
		} else {
			put(phases, from, "|")
		}
		tick := "|" + s.seconds(phase.from)
		switch {
		case from+len(tick) <= left:
			put(ticks, from, tick)
		case from < last:
			put(ticks, from, "|")
		}
	}
	s.row("", "soft", phases)
	s.row("", "soft", ticks)
}

// seconds writes an instant as exactly as a column of the axis is, and no more: "40 s", "1.25 s".
func (s *show) seconds(at history.Time) string {
	decimals, half := 0, history.Time(time.Second)/2
	for ; half > s.axis.end/history.Time(s.columns()); half /= 10 {
		decimals++
	}
	text := strconv.FormatFloat(at.Seconds(), 'f', decimals, 64)
	if decimals > 0 {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text + " s"
}

// put writes a text from a column on, as far as there is room.
func put(cells []rune, from int, text string) {
	for i, r := range []rune(text) {
		if at := from + i; at >= 0 && at < len(cells) {
			cells[at] = r
		}
	}
}

func (s *show) fill(cells []rune, span interval, with rune) {
	for at := s.column(span.from); at <= s.column(max(span.to-1, span.from)); at++ {
		cells[at] = with
	}
}

// nodeSigns are what a node is drawn as, the later over the earlier.
var nodeSigns = []struct {
	kind string
	sign rune
}{{"leader", 'L'}, {"paused", 'p'}, {"down", 'x'}, {"panic", '!'}}

func (s *show) node(h *history.History, node string) {
	cells, states := s.blank(), statesOf(h, node)
	for _, drawn := range nodeSigns {
		for _, state := range states {
			if state.kind == drawn.kind {
				s.fill(cells, state.span, drawn.sign)
			}
		}
	}
	s.row(node, "", cells)
}

// clients draws how each client fared, or those of whom the run says most.
func (s *show) clients(h *history.History) {
	lanes, order := map[string]*lane{}, []string{}
	for i := range h.Operations {
		operation := &h.Operations[i]
		l := lanes[operation.Client]
		if l == nil {
			if len(order) == showClients { // of the others there is nothing but their number
				lanes[operation.Client] = nil
				continue
			}
			l = &lane{outcomes: make([][3]int, s.columns()), waiting: make([]bool, s.columns())}
			lanes[operation.Client], order = l, append(order, operation.Client)
		}
		s.add(l, operation)
	}
	slices.SortFunc(order, naturally)
	for _, client := range order {
		s.row(client, "", lanes[client].cells())
	}
	if extra := len(lanes) - len(order); extra > 0 {
		s.line(fmt.Sprintf("(%s not drawn)", plural(extra, "further client is", "further clients are")))
	}
}

// naturally orders c2 before c10.
func naturally(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// lane is what became of the operations of a client, by column.
type lane struct {
	outcomes [][3]int // ok, fail, info: when the client heard, or gave up
	waiting  []bool
}

func (s *show) add(l *lane, operation *history.Operation) {
	from, until := s.column(operation.Invoked), s.column(min(operation.GaveUp, s.axis.end))
	for at := from; at <= until; at++ {
		l.waiting[at] = true
	}
	if operation.GaveUp == history.Forever {
		return // it waits to this day
	}
	if outcome := rank(outcomes, operation.Outcome); outcome < len(outcomes) {
		l.outcomes[until][outcome]++
	}
}

func (l *lane) cells() []rune {
	cells := make([]rune, len(l.outcomes))
	for i, count := range l.outcomes {
		switch ok, others := count[0], count[1]+count[2]; {
		case ok > 0 && others == 0:
			cells[i] = '='
		case ok > 0:
			cells[i] = '-'
		case count[2] > 0:
			cells[i] = '?'
		case count[1] > 0:
			cells[i] = 'x'
		case l.waiting[i]:
			cells[i] = '.'
		default:
			cells[i] = ' '
		}
	}
	return cells
}

// evidence says why promises were broken, or not judged.
func (s *show) evidence(results []checker.Result) {
	broken := 0
	for _, result := range results {
		if result.Verdict == checker.Valid {
			continue
		}
		if broken++; broken > showBroken {
			continue
		}
		m := ofPromise(result)
		s.line("")
		for _, line := range wrap(m.Icon+" "+m.Word+": "+promiseWords(result), s.width) {
			s.line(s.paint(m.Class, line))
		}
		s.wrapped(sentence(result.Reason), 2, s.width)
		if result.Witness != nil {
			s.witness(result.Witness)
		}
	}
	if broken > showBroken {
		s.line(fmt.Sprintf("and %d more, in the report", broken-showBroken))
	}
}

func (s *show) witness(witness *checker.Witness) {
	s.numbered(append([]string{""}, witness.Explanation[:min(len(witness.Explanation), mostWitness)]...))
	s.line("")
	for _, line := range Bars(witness) {
		s.line("  " + strings.TrimRight(fit(line, s.width-2), " "))
	}
	if order := WitnessOrder(witness); len(order) > 0 {
		s.numbered(append([]string{"Why no order explains these answers, the last step leading back to the first:"}, order...))
	}
}

// numbered writes a title, if it is not empty, and sentences below it.
func (s *show) numbered(lines []string) {
	for i, line := range lines {
		switch {
		case i > 0:
			for j, part := range wrap(sentence(line), s.width-5) {
				s.line([]string{fmt.Sprintf("%3d. ", i), "     "}[min(j, 1)] + part)
			}
		case line != "":
			s.wrapped(sentence(line), 0, s.width)
		}
	}
}
