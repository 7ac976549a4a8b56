package serve

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// query is which entries are wanted, in which order.
type query struct {
	Text, Kind, System, Workload, Fault, State string
	Order                                      string // the name of a column, with a minus for the other way round
	Page                                       int    // from 1
}

// everything is the kind of also what is inside comparisons and sweeps.
const everything = "everything"

// latestFirst is the order if none is asked for.
const latestFirst = "-began"

// perPage is how many entries a page has.
const perPage = 100

func queryOf(values url.Values) query {
	page, _ := strconv.Atoi(values.Get("page")) // the first, if it is no number
	return query{Text: values.Get("q"), Kind: values.Get("kind"), System: values.Get("system"), Workload: values.Get("workload"),
		Fault: values.Get("fault"), State: values.Get("state"), Order: cmp.Or(values.Get("order"), latestFirst), Page: max(page, 1)}
}

// address is where the list of a query is.
func (q query) address() string {
	values := url.Values{}
	for _, one := range [][2]string{{"q", q.Text}, {"kind", q.Kind}, {"system", q.System}, {"workload", q.Workload},
		{"fault", q.Fault}, {"state", q.State}, {"order", q.Order}} {
		if one[1] != "" && one[1] != latestFirst {
			values.Set(one[0], one[1])
		}
	}
	if q.Page > 1 {
		values.Set("page", strconv.Itoa(q.Page))
	}
	return strings.TrimSuffix("/?"+values.Encode(), "?")
}

// selected are the entries that are wanted, in order.
func (q query) selected(all []*entry) []*entry {
	words := strings.Fields(strings.ToLower(q.Text))
	var chosen []*entry
	for _, e := range all {
		if q.wants(e, words) {
			chosen = append(chosen, e)
		}
	}
	key, descending := strings.CutPrefix(q.Order, "-")
	less := orders[key]
	if less == nil {
		less = orders["began"]
	}
	slices.SortStableFunc(chosen, func(a, b *entry) int {
		if descending {
			a, b = b, a
		}
		return cmp.Or(less(a, b), a.Began.Compare(b.Began), strings.Compare(a.Path, b.Path))
	})
	return chosen
}

func (q query) wants(e *entry, words []string) bool {
	among := func(wanted string, list []string) bool { return wanted == "" || slices.Contains(list, wanted) }
	switch {
	case q.Kind == "" && e.Inside != "", q.Kind != "" && q.Kind != everything && q.Kind != string(e.Kind):
		return false
	case !among(q.System, e.Systems), !among(q.Workload, e.Workloads), !among(q.Fault, e.Faults), q.State != "" && q.State != e.State():
		return false
	}
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(e.text, word) })
}

// orders are the columns by which the list can be sorted.
var orders = map[string]func(a, b *entry) int{
	"began":    func(a, b *entry) int { return a.Began.Compare(b.Began) },
	"system":   func(a, b *entry) int { return slices.Compare(a.Systems, b.Systems) },
	"workload": func(a, b *entry) int { return slices.Compare(a.Workloads, b.Workloads) },
	"fault":    func(a, b *entry) int { return slices.Compare(a.Faults, b.Faults) },
	"seed":     func(a, b *entry) int { return cmp.Compare(a.Seed, b.Seed) },
	"state":    func(a, b *entry) int { return cmp.Compare(a.gravity(), b.gravity()) },
}
