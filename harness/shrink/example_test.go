package shrink_test

import (
	"fmt"

	"cleave/checker"
	"cleave/harness/shrink"
)

// Two runs show the same violation when their reasons differ in names and numbers alone.
func ExampleViolationOf() {
	small := shrink.ViolationOf(checker.Result{Checker: "election-safety", Title: "no two leaders in one term",
		Reason: "term 3 has two leaders, n1 and n2"})
	large := shrink.ViolationOf(checker.Result{Checker: "election-safety", Title: "no two leaders in one term",
		Reason: "term 17 has two leaders, n4 and n5"})
	fmt.Println(small)
	fmt.Println(small == large)
	// Output:
	// no two leaders in one term (election-safety): term … has two leaders, … and …
	// true
}
