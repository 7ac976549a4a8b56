package image

import (
	"maps"
	"slices"
	"strings"

	"cleave/history"
)

// Sample is what a client would ask for an operation.
type Sample struct {
	What    string // such as "write x 7"
	Request string // method, path and body in one line
}

// Samples are what a client that speaks HTTP would ask for operations on a key x; none of other clients.
func (f File) Samples() (all []Sample) {
	if f.Client.HTTP == nil {
		return nil
	}
	calls, err := f.Client.HTTP.compile()
	if err != nil {
		return nil // Parse has told
	}
	for _, function := range slices.Sorted(maps.Keys(calls)) {
		for _, request := range samplesOf(function) {
			c := calls[function]
			data, _ := dataOfCall(request, "c1", "n1")
			path, _ := makeText(c.path, data) // Parse has tried both
			body, _ := makeText(c.body, data)
			what := strings.TrimSpace(string(function) + " x " + argument(request.Value))
			all = append(all, Sample{what, strings.Join(strings.Fields(c.method+" "+path+" "+body), " ")})
		}
	}
	return all
}

func argument(value history.Value) string {
	if value.IsNothing() {
		return ""
	}
	return value.String()
}

// samplesOf are operations of a function: of a cas one that expects nothing, too.
func samplesOf(function history.Function) []history.Request {
	value := []history.Value{history.Integer(7)}
	switch {
	case function == history.CAS:
		value = []history.Value{history.List(history.Nothing, history.Integer(7)), history.List(history.Integer(7), history.Integer(8))}
	case !function.Mutates():
		value = []history.Value{history.Nothing}
	}
	samples := make([]history.Request, len(value))
	for i := range samples {
		samples[i] = history.Request{Function: function, Key: "x", Value: value[i]}
	}
	return samples
}
