package consistency

import (
	"flag"
	"fmt"
	"slices"

	"cleave/history"
	"cleave/internal/rng"
)

var histories = flag.Int("histories", 20_000, "how many random histories each algorithm is compared on")

// small makes a history of a few operations of a few sessions on one or two keys, each value written once.
// Answers are made up, so that most models forbid some of them.
func small(seed uint64) []history.Operation {
	random := rng.New(seed)
	clients, keys := 1+random.Below(3), 1+random.Below(2)
	free := make([]history.Time, clients)
	written := map[string][]history.Value{}
	var operations []history.Operation
	for i := range 2 + random.Below(6) {
		client := random.Below(clients)
		key := string(rune('x' + random.Below(keys)))
		start := free[client] + history.Time(random.Below(3))
		end := start + history.Time(random.Below(6))
		free[client] = end
		o := history.Operation{ID: int(i), Client: fmt.Sprintf("c%d", client+1), Process: int(client), Key: key,
			Invoked: start, Completed: end, GaveUp: end, Outcome: history.Ok}
		fresh := history.Integer(i + 1)
		switch random.Below(5) {
		case 0, 1:
			o.Function, o.Argument = history.Write, fresh
		case 2:
			if random.Chance(1, 2) {
				o.Function, o.Argument = history.CAS, history.List(history.Nothing, fresh)
				break
			}
			fallthrough
		default:
			o.Function = history.Read
		}
		if o.Function != history.Read {
			written[key] = append(written[key], fresh)
			if random.Chance(1, 5) {
				o.Outcome, o.Completed = history.Info, history.Forever
			}
		}
		operations = append(operations, o)
	}
	for i := range operations {
		o := &operations[i]
		values := written[o.Key]
		seen := history.Nothing
		if len(values) > 0 && random.Chance(4, 5) {
			seen = values[random.Below(int64(len(values)))]
		}
		if o.Function == history.Read {
			o.Result = seen
		}
		if list, is := o.Argument.AsList(); is && !seen.Equal(list[1]) {
			o.Argument = history.List(seen, list[1])
		}
	}
	slices.SortStableFunc(operations, func(a, b history.Operation) int { return int(a.Invoked - b.Invoked) })
	for i := range operations {
		operations[i].ID = i
	}
	return operations
}
