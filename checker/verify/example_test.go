package verify_test

import (
	"fmt"

	"cleave/checker/verify"
	"cleave/history/foreign"
)

func Example() {
	history := source(`
{:process 0, :type :invoke, :f :write, :value 1, :time 1000000000}
{:process 0, :type :ok,     :f :write, :value 1, :time 1200000000}
{:process 1, :type :invoke, :f :read,  :value nil, :time 2000000000}
{:process 1, :type :ok,     :f :read,  :value nil, :time 2100000000}`)
	answer, err := verify.Judge(history, foreign.Options{}, verify.Question{})
	fmt.Println(err, answer.Verdict, answer.Consistency, answer.Model)
	for _, sentence := range answer.Witness.Explanation {
		fmt.Println(sentence)
	}
	// Output:
	// <nil> invalid linearizable register
	// p0 wrote 1 at 1.000-1.200 s, acknowledged
	// p1 read nil at 2.000-2.100 s, but 1 had been written and acknowledged at 1.200 s
}
