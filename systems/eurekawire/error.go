package eurekawire

import "fmt"

// Error is a refusal: an HTTP status code and a sentence for whoever asked.
type Error struct {
	Code    int    // 400, 404 or 405
	Message string // what is wrong, in a line
	Allow   string // with 405: the methods that the path knows, as in the header of that name
}

// Error is the code and the message.
func (e *Error) Error() string { return fmt.Sprintf("%d: %s", e.Code, e.Message) }

// bad makes the error of a request that makes no sense.
func bad(format string, values ...any) error {
	return &Error{Code: 400, Message: fmt.Sprintf(format, values...)}
}

// excerpt is text fit for an error message: quoted, and not long.
func excerpt(text string) string {
	const longest = 64
	if len(text) > longest {
		return fmt.Sprintf("%q…", text[:longest])
	}
	return fmt.Sprintf("%q", text)
}
