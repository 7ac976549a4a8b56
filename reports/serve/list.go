package serve

import (
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
)

// listView is the page with the list, as data.
type listView struct {
	page
	Query              query
	Entries            []*entry
	Count, From, Pages int
	Previous, Next     string // addresses, "" for none
	Columns            []column
	Choosers           []chooser
	Running            []*entry
	Make               string // the command that makes a run, where the store has nothing
}

// column is the head of a column by which the list can be sorted.
type column struct {
	Title, Address string
	Sorted         string // ascending or descending, if it is by this one
}

// chooser is a list to choose from.
type chooser struct {
	Name    string
	Choices []choice
}

type choice struct {
	Value, Text string
	Chosen      bool
}

// list is the page with everything that is wanted.
func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	all, _ := s.index.all()
	s.show(w, http.StatusOK, "list.html", s.listed(queryOf(r.URL.Query()), all))
}

func (s *Server) listed(q query, all []*entry) listView {
	chosen := q.selected(all)
	pages := max((len(chosen)+perPage-1)/perPage, 1)
	q.Page = min(q.Page, pages)
	from := (q.Page - 1) * perPage
	v := listView{page: s.page("Store"), Query: q, Count: len(chosen), From: from + 1, Pages: pages,
		Entries: chosen[from:min(from+perPage, len(chosen))], Columns: q.columns(), Running: running(all)}
	if len(all) == 0 {
		v.Make = "cleave run --store " + filepath.Clean(s.options.Store)
	}
	at := func(page int) string {
		q := q
		q.Page = page
		return q.address()
	}
	if q.Page > 1 {
		v.Previous = at(q.Page - 1)
	}
	if q.Page < pages {
		v.Next = at(q.Page + 1)
	}
	v.Choosers = []chooser{
		{"kind", kindChoices(q.Kind)},
		{"system", choices(q.System, "any system", names(all, func(e *entry) []string { return e.Systems })...)},
		{"workload", choices(q.Workload, "any workload", names(all, func(e *entry) []string { return e.Workloads })...)},
		{"fault", choices(q.Fault, "any fault", names(all, func(e *entry) []string { return e.Faults })...)},
		{"state", choices(q.State, "any verdict", "valid", "invalid", "unknown", "running", "not ended", damaged)},
	}
	return v
}

// Until is the number of the last entry that is shown.
func (v listView) Until() int { return v.From + len(v.Entries) - 1 }

func (q query) columns() []column {
	var columns []column
	for _, one := range [][2]string{{"state", "verdict"}, {"system", "system"}, {"workload", "workload"}, {"fault", "faults"},
		{"seed", "seed"}, {"began", "begun"}} {
		c, next := column{Title: one[1]}, q
		next.Page = 1
		switch q.Order {
		case one[0]:
			c.Sorted, next.Order = "ascending", "-"+one[0]
		case "-" + one[0]:
			c.Sorted, next.Order = "descending", one[0]
		default:
			next.Order = one[0]
		}
		c.Address = next.address()
		columns = append(columns, c)
	}
	return columns
}

// kindChoices are of what there is; parts of comparisons and sweeps are listed only if they are asked for.
func kindChoices(chosen string) []choice {
	list := choices(chosen, "any kind", string(aRun), string(aComparison), string(aSweep), everything)
	list[len(list)-1].Text = "any kind, and parts"
	return list
}

// choices are a list to choose from, the first of which is no choice.
func choices(chosen, none string, values ...string) []choice {
	list := []choice{{"", none, chosen == ""}}
	for _, value := range values {
		list = append(list, choice{value, value, value == chosen})
	}
	return list
}

// names are all that entries have of something, sorted.
func names(all []*entry, of func(*entry) []string) []string {
	seen := map[string]bool{}
	var found []string
	for _, e := range all {
		for _, name := range of(e) {
			if !seen[name] {
				seen[name] = true
				found = append(found, name)
			}
		}
	}
	slices.Sort(found)
	return found
}

// mostRunning is how many runs under way are shown.
const mostRunning = 20

// running are the entries that are under way, but for parts of others.
func running(all []*entry) []*entry {
	var under []*entry
	for _, e := range all {
		if e.Running() && e.Inside == "" && len(under) < mostRunning {
			under = append(under, e)
		}
	}
	return under
}

// Summary says how many there are.
func (v listView) Summary() string {
	switch {
	case v.Make != "":
		return "There is nothing in this store yet."
	case v.Count == 0:
		return "Nothing is found."
	case v.Pages == 1:
		return fmt.Sprintf("%d found.", v.Count)
	}
	return fmt.Sprintf("%d found, %d to %d shown.", v.Count, v.From, v.Until())
}
