package node

import "fmt"

// Code is the number of an error in the protocol.
type Code int

// The errors of the protocol. After Timeout and Crash nobody knows whether what was asked happened; after the others it did not.
const (
	Timeout            Code = 0
	NodeNotFound       Code = 1
	NotSupported       Code = 10
	Unavailable        Code = 11
	Malformed          Code = 12
	Crash              Code = 13
	Abort              Code = 14
	KeyDoesNotExist    Code = 20
	KeyAlreadyExists   Code = 21
	PreconditionFailed Code = 22
	Conflict           Code = 30
)

// Error is an answer that says no, or that there was none in time (Timeout).
type Error struct {
	Code Code   `json:"code"`
	Text string `json:"text"`
}

// Error is the code and the text.
func (e *Error) Error() string { return fmt.Sprintf("error %d: %s", e.Code, e.Text) }

// Has tells whether there is an error, and it has one of some codes.
func (e *Error) Has(codes ...Code) bool {
	for _, code := range codes {
		if e != nil && e.Code == code {
			return true
		}
	}
	return false
}
