package reports

import (
	"fmt"
	"html/template"
	"io"
	"net/url"
	"path"
	"strings"

	"cleave/checker"
	"cleave/history"
)

// Option is one resolved option of a run, as text.
type Option struct{ Name, Value string }

// Run is all that the report of one run shows.
type Run struct {
	System, SystemSummary string // the system's name, and what it is in one sentence
	Workload              string
	Fault                 string // the fault kind or schedule, as on the command line
	World, Version        string
	Seed                  uint64
	Options               []Option // every resolved option, in the order to be shown
	Verdict               checker.Verdict
	Promises              []checker.Result // of the properties that the system promises
	Measured              []checker.Result // of the properties that are only measured
	History               *history.History // nil if there is none
	Replay                string           // the command line that runs it again
	Command               string           // the one that makes it anew from its seed, without its folder; "" if no seed does
	Folder                string           // the run folder, shown as text
	Porcupine             string           // relative link to porcupine's page of the witness's key, "" if none
	Events                uint64           // events of the simulator, 0 in other worlds
	Hash                  string           // rolling hash of those events
	Environment           []Option         // of a world of containers: engine, kernel, images, versions, addresses
	Traffic               []Traffic        // of a world of containers: what its network carried, by directed link
	Losses                []Loss           // messages lost on links, in simulation
	Logs                  []Log            // what its nodes wrote; none if they are not kept
	Story                 *Story           // how it came to break a promise; nil if nobody told it
}

// WriteRun writes the page of one run: a single HTML file of less than 10 MB without outside reference. Its one script
// draws the run at any moment; without it the page has the same run as pictures and tables. It errors only if out does.
func WriteRun(out io.Writer, run Run) error {
	return write(out, "run.html", newRunView(run))
}

// runView is the page of a run as data; every text in it is clean.
type runView struct {
	Style                   template.CSS
	Script                  template.JS
	Policy                  string
	Data                    string // packed, "" if there is nothing to draw
	Sampled                 string // says which operations the data has not, "" if it has all
	Bug                     string // planted on purpose, "" if none was
	Consistency, Apart      string // the strongest that held, "" if nobody measured it; and which promise it is not
	Messages                string // the line that keeps the messages, "" if they are here or cannot be kept
	Title, Tested, Early    string // Early says when and why the run ended before its time, "" if it did not
	Summary                 string // what the system is
	Banner                  banner
	Again                   string // what Replay gives
	Replay, Command, Folder string
	Framed                  bool // what went over links was frames
	Story                   *storyView
	Evidence, Aside         []*evidence // against promises, and against what nobody promised
	Hidden                  string      // says how many witnesses were left out
	Charts                  []*drawing
	Faults                  []faultRow
	FaultsCut               string
	Disturbs, Fills, Ends   bool // some fault made links worse, or a disk full; some node ended
	ResultsCut, MeasuresCut string
	Promises                []resultRow
	Measured                []resultRow
	Measures                []measureTable
	Options                 []Option
	Environment             []Option
	Traffic                 *traffic // nil if nothing was counted
	Footer                  []Option
	Empty                   bool
}

// mostEvidence is how many witnesses are drawn of promises, and as many of other properties.
const mostEvidence = 8

// mostMeasureTables is of how many checkers the measures are shown.
const mostMeasureTables = 40

func newRunView(run Run) runView {
	windows := windowsOr(run.History)
	v := runView{Style: style() + sheet("run.css"), Script: script(), Banner: bannerOf(run),
		Consistency: strongestOf(run.Measured), Apart: apart(run.Promises, run.Measured),
		Messages: messagesOf(run), Bug: bugOf(run.Options), Tested: tested(run), Early: early(run), Summary: sentence(run.SystemSummary),
		Title:  fmt.Sprintf("%s, %s, %s, seed %d", name(run.System), name(run.Workload), name(run.Fault), run.Seed),
		Replay: clean(run.Replay, 4000), Command: clean(run.Command, 4000), Folder: sentence(run.Folder), Again: again(run.World), Framed: framed(run.World),
		Measures: measureTables(run.Promises, run.Measured), Options: optionsOf(run.Options),
		Environment: optionsOf(run.Environment), Traffic: trafficOf(run.Traffic), Story: storyOf(run)}
	if len(v.Measures) > mostMeasureTables {
		v.Measures = v.Measures[:mostMeasureTables]
		v.MeasuresCut = fmt.Sprintf("Only the first %d checkers' measures are shown; measures.json has them all.", mostMeasureTables)
	}
	v.Policy = policy(v.Script, v.Style)
	v.Faults, v.FaultsCut = faultRows(windows)
	v.Disturbs, v.Fills, v.Ends = disturbs(windows), fills(windows), ends(run.History)
	v.Promises, v.Evidence = v.results(run.Promises, "evidence", windows, ofPromise)
	v.Measured, v.Aside = v.results(run.Measured, "aside", windows, ofMeasure)
	if link := relative(run.Porcupine); link != "" {
		v.linkPorcupine(link)
	}
	v.Empty = run.History == nil || len(run.History.Events) == 0
	if !v.Empty {
		a := newAxis(run.History, windows)
		t := truthOf(run)
		v.Charts = append([]*drawing{faultChart(a), nodeChart(run.History, a), availabilityChart(run.History, a),
			latencyChart(run.History, a), rateChart(run.History, a)}, append(t.charts(a), lossCharts(run.Losses, a)...)...)
		var kept sampling
		v.Data, kept = packExhibit(run, a, t)
		v.Sampled = kept.words()
	}
	v.Footer = footer(run)
	return v
}

// bugOf is the bug that was planted, by the options of the run.
func bugOf(options []Option) string {
	for _, option := range options {
		if option.Name == "bug" && option.Value != "none" {
			return name(option.Value)
		}
	}
	return ""
}

// messagesOf is the line that keeps the messages of a broken run and draws who told whom what; "" if they are drawn
// already, nothing is broken, or messages are not to be had.
func messagesOf(run Run) string {
	if run.Story != nil && !run.Story.Excerpt || run.Verdict != checker.Invalid || isReal(run.World) || run.Folder == "" {
		return ""
	}
	return "cleave shrink " + sentence(run.Folder)
}

// results makes the rows of properties, and their evidence.
func (v *runView) results(results []checker.Result, id string, windows []window, marked func(checker.Result) mark) ([]resultRow, []*evidence) {
	var rows []resultRow
	var found []*evidence
	for i, result := range results {
		row := resultRow{mark: marked(result), Words: promiseWords(result), Checker: name(result.Checker), Reason: sentence(result.Reason)}
		switch {
		case result.Witness == nil:
		case len(found) < mostEvidence:
			e := evidenceOf(fmt.Sprintf("%s-%d", id, i), result, windows)
			row.Link = "#" + e.ID
			found = append(found, e)
		default:
			v.Hidden = fmt.Sprintf("Only the first %d witnesses are drawn; verdict.json has them all.", mostEvidence)
		}
		if len(rows) == mostRows {
			v.ResultsCut = fmt.Sprintf("Only the first %d properties are listed; verdict.json has them all.", mostRows)
			break
		}
		rows = append(rows, row)
	}
	return rows, found
}

// linkPorcupine links porcupine's page from the first witness of linearizability, or the first at all.
func (v *runView) linkPorcupine(link string) {
	for _, list := range [][]*evidence{v.Evidence, v.Aside} {
		for _, e := range list {
			if strings.Contains(e.Checker, "linearizable") {
				e.Link = link
				return
			}
		}
	}
	if len(v.Evidence) > 0 {
		v.Evidence[0].Link = link
	}
}

func footer(run Run) []Option {
	facts := []Option{{"cleave", name(run.Version)}, {"seed", fmt.Sprint(run.Seed)}}
	if run.Events > 0 {
		facts = append(facts, Option{"simulator events", fmt.Sprint(run.Events)})
	}
	if run.Hash != "" {
		facts = append(facts, Option{"hash of the events", name(run.Hash)})
	}
	if run.History != nil && run.History.Torn {
		facts = append(facts, Option{"note", "the history's last line was cut short and left out"})
	}
	return facts
}

// relative is a link if it stays within the folder tree of the page, and "" if it could lead anywhere
// else.
func relative(link string) string {
	parsed, err := url.Parse(link)
	if err != nil || parsed.Scheme != "" || parsed.Host != "" || path.IsAbs(parsed.Path) || len(link) > 1000 || strings.Contains(link, "\\") {
		return ""
	}
	return link
}
