package sweep_test

import (
	"fmt"

	"cleave/harness"
	"cleave/harness/sweep"
)

// Two machines share the seeds of one sweep; what they have done is put together, and judged.
func Example() {
	var parts []sweep.Part
	for index := 1; index <= 2; index++ {
		record, err := sweep.New(harness.DefaultPlan(), 1, 1000, &sweep.Shard{Index: index, Of: 2})
		if err != nil {
			panic(err)
		}
		// Here each would call sweep.Run, which leaves the record in its folder.
		parts = append(parts, sweep.Part{Folder: fmt.Sprint("machine", index), Record: record})
	}
	merged, err := sweep.Merge(parts)
	if err != nil {
		panic(err)
	}
	fmt.Println(merged.Judge())
	// Output: unknown [there was no run]
}
