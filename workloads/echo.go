package workloads

import (
	"fmt"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
)

// Echo is the workload of nodes that say again what they are told.
func Echo() Workload {
	return Workload{
		Name:     "echo",
		Summary:  "nodes say again what clients say",
		Plan:     planEcho,
		Promises: echoPromises,
		Measures: lastAnswers,
	}
}

func planEcho(shape Shape) []Planned {
	say := func(number int) history.Request {
		return history.Request{Function: history.Echo, Key: "echo", Value: history.Text(fmt.Sprintf("please echo %d", number))}
	}
	plan := requested(shape, echoKey, func(*rng.Stream) history.Request { return say(0) })
	for i := range plan {
		plan[i].Request = say(i)
	}
	for number, place := range shape.Clients {
		plan = append(plan, finalRequests(shape, place.Client, []history.Request{say(len(plan) + number)})...)
	}
	return inOrder(plan)
}

func echoPromises(guarantee Guarantee, c Conditions) []Promise {
	return []Promise{{"every echo is what was said", checker.Echoes{}}, served(guarantee, c), sound()}
}

// UniqueIDs is the workload of nodes that make ids.
func UniqueIDs() Workload {
	return Workload{
		Name:     "unique-ids",
		Summary:  "nodes make ids, of any kind, of which no two are the same",
		Plan:     planUniqueIDs,
		Promises: uniqueIDsPromises,
		Measures: lastAnswers,
	}
}

func planUniqueIDs(shape Shape) []Planned {
	request := history.Request{Function: history.Generate, Key: "ids"}
	plan := requested(shape, uniqueIDsKey, func(*rng.Stream) history.Request { return request })
	for _, place := range shape.Clients {
		plan = append(plan, finalRequests(shape, place.Client, []history.Request{request})...)
	}
	return inOrder(plan)
}

func uniqueIDsPromises(guarantee Guarantee, c Conditions) []Promise {
	return []Promise{{"no id is given twice", checker.UniqueIDs{Functions: []history.Function{history.Generate}}}, served(guarantee, c), sound()}
}
