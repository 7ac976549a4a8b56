package claims

import "cleave/history"

// The numbers that claims read, by the names of their measures.

// answered is the part of operations that were answered during the faults.
func answered(side string, f history.Function) Number {
	return Number{Checker: "availability", Name: "success", Side: side, Phase: history.Faults, F: f}
}

// outage is the longest time that one client went unanswered during the faults.
func outage(side string, f history.Function) Number {
	return Number{Checker: "availability", Name: "longest outage", Side: side, Phase: history.Faults, F: f}
}

// firstAnswer is the time from the start of a fault to the first answer to what was asked after it.
func firstAnswer(side string, f history.Function) Number {
	return Number{Checker: "availability", Name: "time to first success after fault", Side: side, F: f}
}

// lastAnswer is the time from the start of a fault to the last answer during it.
func lastAnswer(side string, f history.Function) Number {
	return Number{Checker: "last-answer", Name: "last answer after cut", Side: side, F: f}
}

// promise is whether a property held: its checker, and its title if that checker judges several.
func promise(checker, title string) Number { return Number{Checker: checker, Title: title} }

// listed is what lookups listed, by side, during the faults.
func listed(name, side string, f history.Function) Number {
	return Number{Checker: "discovery", Name: name, Side: side, Phase: history.Faults, F: f}
}

// departed is for how long those who left are listed.
func departed(name string) Number {
	return Number{Checker: "departures", Name: name, F: history.Lookup}
}

// newcomer is whether those who register during a partition are found.
func newcomer(name, side string) Number { return Number{Checker: "newcomers", Name: name, Side: side} }

// The sides.
const (
	minority = "minority"
	majority = "majority"
	cutOff   = "cut off"
)
