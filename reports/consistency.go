package reports

import (
	"fmt"
	"strings"

	"cleave/checker"
)

// modelWords says what a consistency model asks for, for readers who do not know its name.
var modelWords = map[string]string{
	"linearizable":        "every operation takes effect at an instant while its client waits for it",
	"ordered sequential":  "such an order as for sequential, in which no write stands before what had ended when it was asked",
	"sequential":          "some order of all operations, with those of each client as it asked them, explains every answer; it need not be that of real time",
	"causally convergent": "clients see causes before effects, and agree on which value replaced which",
	"causal":              "clients see causes before effects",
	"PRAM":                "every client sees the writes of each other client in their order",
	"writes follow reads": "who has seen a write never sees again what its writer had read before",
	"monotonic writes":    "who has seen a write never sees again what its writer had written before",
	"read your writes":    "a client sees its own last write, or what it had not seen before that",
	"monotonic reads":     "a client does not come back to a value that it saw replaced",
}

// strongestOf is the strongest consistency that held, in words, each model with what it means; "" if it was not measured.
func strongestOf(measured []checker.Result) string {
	for _, result := range measured {
		reason, found := strings.CutPrefix(result.Reason, "measured: ")
		if !found || result.Checker != (checker.Strongest{}).Name() {
			continue
		}
		parts := strings.Split(reason, "; ")
		for i, part := range parts {
			parts[i] = explained(part)
		}
		return sentence(strings.Join(parts, "; "))
	}
	return ""
}

// explained puts what models mean behind their names, in "the strongest that holds is A and B" and in "not C: why".
func explained(part string) string {
	const holds = "the strongest that holds is "
	if names, found := strings.CutPrefix(part, holds); found {
		models := strings.Split(names, " and ")
		for i, model := range models {
			models[i] = withMeaning(model)
		}
		return holds + strings.Join(models, " and ")
	}
	for _, word := range []string{"not ", "undecided "} {
		rest, found := strings.CutPrefix(part, word)
		model, why, reasoned := strings.Cut(rest, ": ")
		if found && reasoned {
			return word + withMeaning(model) + ": " + strings.Replace(why, "no one order of all operations explains", "no such order explains", 1)
		}
	}
	return part
}

func withMeaning(model string) string {
	if words := modelWords[model]; words != "" {
		return fmt.Sprintf("%s (%s)", model, words)
	}
	return model
}

// apart tells what was measured of consistency from the promise that is likely to be taken for it: one may hold while the
// other is broken. It is "" if nothing was measured or that is not promised.
func apart(promises, measured []checker.Result) string {
	if strongestOf(measured) == "" {
		return ""
	}
	for _, result := range promises {
		if result.Checker == (checker.Sequential{}).Name() {
			return fmt.Sprintf("This goes by the values alone: any order that explains them will do. The promise “%s” is another property, though its checker "+
				"is called %s, too: it goes by the numbers that the system gave its states, and by them no client may be shown what is older than it has seen.",
				promiseWords(result), name(result.Checker))
		}
	}
	return ""
}
