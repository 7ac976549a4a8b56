package serve

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"

	"cleave/checker"
	"cleave/reports"
)

// compareView is two runs side by side, as data.
type compareView struct {
	page
	Runs              [2]*entry
	Schedule, History string // what they have in common, in a sentence each
	Options           []comparedRow
	Promises          []comparedRow
	Measures          []comparedRow
	More              string
}

// comparedRow is what two runs say of one thing.
type comparedRow struct {
	Name    string
	Values  [2]string
	Marks   [2]mark // of promises
	Differs bool
}

// comparedTable is a table of such rows.
type comparedTable struct {
	Head string
	Rows []comparedRow
}

// Table is a table with a head, for the template.
func (compareView) Table(head string, rows []comparedRow) comparedTable {
	return comparedTable{head, rows}
}

// mostCompared is how many rows a table of a comparison has.
const mostCompared = 400

// compare is the page of two runs side by side.
func (s *Server) compare(w http.ResponseWriter, r *http.Request) {
	paths, err := chosen(r.URL.Query())
	if err != nil || len(paths) != 2 {
		s.problem(w, http.StatusBadRequest, "Choose two runs to compare.")
		return
	}
	v := compareView{page: s.page("Two runs")}
	for i, one := range paths {
		e, found := s.index.find(one)
		if !found || e.Kind != aRun {
			s.problem(w, http.StatusBadRequest, "Only two runs can be compared here.")
			return
		}
		v.Runs[i] = e
	}
	v.Schedule = s.alike(v.Runs, scheduleFile, "Both ran the same schedule.", "They ran different schedules.")
	v.History = s.alike(v.Runs, historyFile, "Their histories are the same, byte for byte.", "Their histories differ.")
	v.Options, v.Promises, v.Measures = s.optionsOf(v.Runs), s.promisesOf(v.Runs), s.measuresOf(v.Runs)
	if extra := len(v.Measures) - mostCompared; extra > 0 {
		v.Measures, v.More = v.Measures[:mostCompared], fmt.Sprintf("%d more measures are in measures.json of each.", extra)
	}
	s.show(w, http.StatusOK, "compare.html", v)
}

// alike tells whether a file of two runs is the same.
func (s *Server) alike(runs [2]*entry, name, same, other string) string {
	one, first, err := openFile(s.root, runs[0].Path+"/"+name)
	if err != nil {
		return ""
	}
	defer func() { _ = one.Close() }() // it was only read
	two, second, err := openFile(s.root, runs[1].Path+"/"+name)
	if err != nil {
		return ""
	}
	defer func() { _ = two.Close() }() // it was only read
	if first.Size() == second.Size() && equal(one, two) {
		return same
	}
	return other
}

// equal compares two streams to the end.
func equal(one, two io.Reader) bool {
	a, b := make([]byte, 1<<16), make([]byte, 1<<16)
	for {
		n, err := io.ReadFull(one, a)
		m, other := io.ReadFull(two, b)
		if n != m || !bytes.Equal(a[:n], b[:m]) || (err == nil) != (other == nil) {
			return false
		}
		if err != nil {
			return true
		}
	}
}

// optionsOf are the options in which two plans differ.
func (s *Server) optionsOf(runs [2]*entry) []comparedRow {
	var plans [2]map[string]json.RawMessage
	for i, run := range runs {
		_ = readJSON(s.root, run.Path+"/"+planFile, &plans[i]) // of one that cannot be read there is nothing to say
	}
	var rows []comparedRow
	all := map[string]json.RawMessage{}
	maps.Copy(all, plans[0])
	maps.Copy(all, plans[1])
	for _, name := range slices.Sorted(maps.Keys(all)) {
		one, other := option(plans[0][name]), option(plans[1][name])
		if one != other && len(rows) < mostCompared {
			rows = append(rows, comparedRow{Name: reports.Plain(name), Values: [2]string{reports.Plain(one), reports.Plain(other)}, Differs: true})
		}
	}
	return rows
}

// option is what an option of a plan says, however it is spelt: one text for one value.
func option(text json.RawMessage) string {
	var value any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // seeds are too long for floating point
	if decoder.Decode(&value) != nil {
		return "" // it is not given
	}
	if text, is := value.(string); is {
		return text
	}
	words, _ := json.Marshal(value) // what was JSON is again
	return string(words)
}

// promisesOf are the promises of both, those that came out differently first.
func (s *Server) promisesOf(runs [2]*entry) []comparedRow {
	rows, position := []comparedRow{}, map[string]int{}
	var judgements [2]judgement
	without := comparedRow{Values: [2]string{"not promised", "not promised"}, Marks: [2]mark{{"plain", "–", "none"}, {"plain", "–", "none"}}}
	for i, run := range runs {
		if readJSON(s.root, run.Path+"/"+verdictFile, &judgements[i]) != nil { // it has not ended, or that is damaged
			judgements[i] = judgement{}
			without.Values[i], without.Marks[i] = "", mark{"plain", "–", "not judged"}
		}
	}
	for i, j := range judgements {
		for _, p := range j.Promises[:min(len(j.Promises), mostCompared)] {
			at, known := position[p.Promise]
			if !known {
				at = len(rows)
				position[p.Promise] = at
				row := without
				row.Name = reports.Plain(p.Promise)
				rows = append(rows, row)
			}
			rows[at].Values[i], rows[at].Marks[i] = reports.Plain(p.Reason), markOf(verdictOf(p.Verdict))
		}
	}
	for i := range rows {
		rows[i].Differs = rows[i].Marks[0] != rows[i].Marks[1]
	}
	return differentFirst(rows)
}

// measuresOf are the numbers of both, those that differ first.
func (s *Server) measuresOf(runs [2]*entry) []comparedRow {
	rows, position := []comparedRow{}, map[string]int{}
	for i, run := range runs {
		var results []checker.Result
		_ = readJSON(s.root, run.Path+"/"+measuresFile, &results) // one that has not ended has none
		for _, result := range results {
			for _, m := range result.Measures {
				name := measureName(result, m)
				at, known := position[name]
				if !known {
					at = len(rows)
					position[name] = at
					rows = append(rows, comparedRow{Name: name, Values: [2]string{"–", "–"}})
				}
				rows[at].Values[i] = reports.MeasureWords(m)
			}
		}
	}
	for i := range rows {
		rows[i].Differs = rows[i].Values[0] != rows[i].Values[1]
	}
	return differentFirst(rows)
}

// measureName is "availability: success, minority, faults, read".
func measureName(result checker.Result, m checker.Measure) string {
	name := m.Name
	for _, part := range []string{m.Side, m.Phase, string(m.Function)} {
		if part != "" {
			name += ", " + part
		}
	}
	return reports.Plain(result.Checker + ": " + name)
}

func differentFirst(rows []comparedRow) []comparedRow {
	slices.SortStableFunc(rows, func(a, b comparedRow) int {
		rank := map[bool]int{true: 0, false: 1}
		return cmp.Compare(rank[a.Differs], rank[b.Differs])
	})
	return rows
}
