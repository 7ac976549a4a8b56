package apregistry

import "cleave/history"

// problem is why a request got no usable answer, from the most harmless to the least: of several
// attempts the last in this order says what is known.
type problem uint8

const (
	noProblem      problem = iota
	noServer               // nobody listens at any server tried
	unavailable            // servers answered that they do not serve yet
	connectionLost         // a connection ended after the request was sent
	timedOut               // no answer in time after the request was sent
)

// outcomes says for each problem what is known of the request: what could have reached a server is
// unknown, unless it changes nothing.
var outcomes = [...]struct {
	name         string
	read, change history.Outcome
}{
	noProblem:      {"", history.Ok, history.Ok},
	noServer:       {"no server", history.Fail, history.Fail},
	unavailable:    {"unavailable", history.Fail, history.Fail},
	connectionLost: {"connection lost", history.Fail, history.Info},
	timedOut:       {"timed out", history.Fail, history.Info},
}

// codeTooMany is what servers behind a gateway may answer.
const codeTooMany = 429

// The errors that are no problem of the network.
const (
	errorUnsupported = "unsupported"
	errorDiffers     = "value differs"
	errorNotInteger  = "not an integer"
	errorNoPair      = "not a pair of values"
	errorEmptyCache  = "cache is empty"
	errorRefused     = "refused"
	errorNoStatus    = "not a status"
	errorNoInstance  = "no such instance"
)

func failed(name string) history.Completion {
	return history.Completion{Outcome: history.Fail, Error: name}
}

func unclear(name string) history.Completion {
	return history.Completion{Outcome: history.Info, Error: name}
}

// readFailed and changeFailed look up the table.
func readFailed(p problem) history.Completion {
	return history.Completion{Outcome: outcomes[p].read, Error: outcomes[p].name}
}

func changeFailed(p problem) history.Completion {
	return history.Completion{Outcome: outcomes[p].change, Error: outcomes[p].name}
}

// problemOf says what the end of one attempt means.
func problemOf(answer *response, why failure) problem {
	switch why {
	case unsent:
		return noServer
	case lost:
		return connectionLost
	case late:
		return timedOut
	}
	if answer.code == codeForbidden || answer.code == codeTooMany || answer.code >= 500 {
		return unavailable
	}
	return noProblem
}
