package ends

import "fmt"

// Exited is the end of a program that ended by itself, with an exit status.
func Exited(status int) string { return fmt.Sprintf("exited with status %d", status) }

// Killed is the end by a signal, such as SIGSEGV.
func Killed(signal string) string { return "was killed by " + signal }

// NotStarted is the end of a program that never began.
func NotStarted(err error) string { return "cannot be started: " + err.Error() }

// Flooded is the end of a program that printed more bytes in a second than it may.
func Flooded(most int64) string {
	return fmt.Sprintf("printed more than %s in one second of its clock", Amount(most))
}

// LongLine is the end of a program that printed a line of more bytes than it may.
func LongLine(most int64) string { return "printed a line of more than " + Amount(most) }

// Deaf is the end of a program that left more bytes of its input unread than it may.
func Deaf(most int64) string {
	return "did not read its input: more than " + Amount(most) + " wait"
}

// Refused is an end after the program was refused memory beyond so many bytes.
func Refused(end string, most int64) string {
	return fmt.Sprintf("%s, after it was refused memory beyond %s", end, Amount(most))
}

// With is an end with the program's last words, if it had any.
func With(end, lastWords string) string {
	if lastWords == "" {
		return end
	}
	return end + ": " + lastWords
}

// Amount is a number of bytes for people.
func Amount(bytes int64) string {
	switch {
	case bytes >= 1<<20 && bytes%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", bytes>>20)
	case bytes >= 1<<10 && bytes%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", bytes>>10)
	}
	return fmt.Sprintf("%d bytes", bytes)
}
