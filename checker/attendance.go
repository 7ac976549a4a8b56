package checker

import (
	"slices"
	"strings"

	"cleave/history"
)

// attendance lists who takes part in what a thing belongs to, and when: from the end of a join until a leave of the same key
// is asked for, or the client dies. A thing belongs to the key that it has for its name, or that its name begins with:
// "consumers/g/7" to "consumers/g".
func attendance(h *history.History, name string) (list []tenure) {
	open := map[string]int{} // by client: where in the list, and one
	for i := range h.Operations {
		o := &h.Operations[i]
		belongs := name == o.Key || strings.HasPrefix(name, o.Key+"/")
		at := open[o.Client]
		switch {
		case o.Function == history.Join && belongs && at == 0 && o.Outcome == history.Ok:
			list = append(list, tenure{client: o.Client, from: o.Completed, until: history.Forever})
			open[o.Client] = len(list)
		case at > 0 && (o.Function == history.Leave && belongs || o.Function == history.Die || o.Function == history.Close):
			list[at-1].until = o.Invoked
			delete(open, o.Client)
		}
	}
	return list
}

// throughout names the clients that take part all the time from one instant to another, in order of their joins.
func throughout(list []tenure, from, until history.Time) (clients []string) {
	for _, t := range list {
		if t.from <= from && until <= t.until && !slices.Contains(clients, t.client) {
			clients = append(clients, t.client)
		}
	}
	return clients
}
