package ends_test

import (
	"fmt"

	"cleave/internal/ends"
)

func Example() {
	fmt.Println(ends.With(ends.Exited(2), "panic: out of ideas"))
	fmt.Println(ends.With(ends.Killed("SIGSEGV"), ""))
	fmt.Println(ends.Refused(ends.Exited(2), 256<<20))
	fmt.Println(ends.Flooded(3<<10), "or", ends.Amount(1025))
	// Output:
	// exited with status 2: panic: out of ideas
	// was killed by SIGSEGV
	// exited with status 2, after it was refused memory beyond 256 MiB
	// printed more than 3 KiB in one second of its clock or 1025 bytes
}
