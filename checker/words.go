package checker

import (
	"fmt"

	"cleave/history"
)

// during is the interval of an operation: "12.300-12.310 s".
func during(operation history.Operation) string {
	if operation.Completed == history.Forever {
		return fmt.Sprintf("%.3f s or later", operation.Invoked.Seconds())
	}
	return fmt.Sprintf("%.3f-%.3f s", operation.Invoked.Seconds(), operation.Completed.Seconds())
}

func second(at history.Time) string { return fmt.Sprintf("%.3f s", at.Seconds()) }
