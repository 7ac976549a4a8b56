package maelstrom

import (
	"fmt"

	"cleave/history"
)

// failure is one of the protocol's errors. After a definite one, what was asked certainly has not happened and never will.
type failure struct {
	code     int
	name     string
	definite bool
}

// The codes of the errors that the harness itself must know.
const (
	codeNodeNotFound = 1
	codeNotSupported = 10
	codeUnavailable  = 11
	codeMalformed    = 12
	codeNoKey        = 20
	codePrecondition = 22
)

// failures are the protocol's errors (doc/protocol.md, "Errors"). All others are a program's own, and indefinite.
var failures = []failure{
	{0, "timeout", false},
	{codeNodeNotFound, "node-not-found", true},
	{codeNotSupported, "not-supported", true},
	{codeUnavailable, "temporarily-unavailable", true},
	{codeMalformed, "malformed-request", true},
	{13, "crash", false},
	{14, "abort", true},
	{codeNoKey, "key-does-not-exist", true},
	{21, "key-already-exists", true},
	{codePrecondition, "precondition-failed", true},
	{30, "txn-conflict", true},
}

// failureOf is the error of a code.
func failureOf(code int) failure {
	for _, f := range failures {
		if f.code == code {
			return f
		}
	}
	return failure{code: code, name: fmt.Sprintf("error %d", code)}
}

// outcome is what it says of an operation.
func (f failure) outcome() history.Outcome {
	if f.definite {
		return history.Fail
	}
	return history.Info
}
