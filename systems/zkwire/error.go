package zkwire

import (
	"errors"
	"fmt"
)

// ErrMalformed is what every decoder returns, wrapped, of bytes that end too early or hold a length
// that cannot be.
var ErrMalformed = errors.New("zkwire: malformed")

// ErrUnknownOp is what DecodeRequest, Reply's decoder and a multi's return, wrapped, of an operation
// whose body is not known, or not allowed there.
var ErrUnknownOp = errors.New("zkwire: unknown operation")

// malformed says of which message the bytes are bad.
func malformed(message string) error { return fmt.Errorf("%w %s", ErrMalformed, message) }

// unknownOp says which operation it is, and where it was met.
func unknownOp(op Op, place string) error { return fmt.Errorf("%w %d in %s", ErrUnknownOp, op, place) }
