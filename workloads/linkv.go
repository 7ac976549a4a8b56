package workloads

import (
	"cmp"
	"strconv"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
	"cleave/models"
)

// LinKV is the workload of a linearizable key-value store: its keys are the numbers from 0.
func LinKV() Workload {
	return Workload{
		Name:     "lin-kv",
		Summary:  "clients read, write and compare-and-set a few keys of a linearizable store",
		Numbers:  []string{"keys"},
		Plan:     planLinKV,
		Promises: linKVPromises,
		Measures: linKVMeasures,
	}
}

func planLinKV(shape Shape) []Planned {
	count := cmp.Or(shape.Keys, 5)
	mix := []choice{{history.Read, 45}, {history.Write, 30}, {history.CAS, 25}}
	plan := requested(shape, linKVKey, func(stream *rng.Stream) history.Request {
		return history.Request{Function: pick(mix, stream), Key: strconv.FormatInt(stream.Below(int64(count)), 10)}
	})
	for i := range plan {
		switch value := history.Integer(int64(i) + 1); plan[i].Function { // no two attempts write the same
		case history.Write:
			plan[i].Value = value
		case history.CAS:
			plan[i].Value = history.List(history.Nothing, value)
		}
	}
	keys := make([]string, count)
	for key := range keys {
		keys[key] = strconv.Itoa(key)
	}
	for _, place := range shape.Clients {
		plan = append(plan, finalReads(shape, place.Client, history.Read, keys)...)
	}
	return inOrder(plan)
}

func linKVPromises(guarantee Guarantee, c Conditions) []Promise {
	functions := []history.Function{history.Write, history.CAS, history.Read}
	return []Promise{
		{"reads and writes are linearizable", checker.Linearizable{Model: models.Register(), Functions: functions}},
		served(guarantee, c), sound(),
	}
}

func linKVMeasures(guarantee Guarantee, c Conditions) []Promise {
	functions := []history.Function{history.Write, history.CAS, history.Read}
	return append(lastAnswers(guarantee, c), Promise{"how consistent all reads and writes together are", checker.Strongest{Functions: functions}})
}
