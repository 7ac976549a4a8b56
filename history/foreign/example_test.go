package foreign_test

import (
	"fmt"
	"strings"

	"cleave/history/foreign"
)

func ExampleOperations() {
	jepsen := `
{:type :invoke, :process 0, :f :write, :value 3, :time 1000000}
{:type :invoke, :process 1, :f :read, :value nil, :time 2000000}
{:type :ok, :process 1, :f :read, :value 3, :time 3000000}
{:type :info, :process 0, :f :write, :value 3, :time 4000000, :error :timeout}`
	for operation, err := range foreign.Operations(strings.NewReader(jepsen), foreign.Options{}) {
		fmt.Println(operation, err)
	}
	// Output:
	// #1 p1 read  [0.002s, 0.003s] ok 3 <nil>
	// #0 p0 write  3 [0.001s, ?] info (timeout) <nil>
}
