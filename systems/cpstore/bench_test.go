package cpstore

import (
	"testing"
	"time"

	"cleave/history"
)

// BenchmarkMinute simulates a minute of five nodes with 10 writes and 10 reads a second. The
// real-time factor is 60 s over the time per operation.
func BenchmarkMinute(bm *testing.B) {
	bm.ReportAllocs()
	var events uint64
	for i := range bm.N {
		b := newBench(bm, uint64(i)+1, 5, Options{}, "")
		const every = 100 * time.Millisecond
		for step := range 600 {
			at := history.Time(3*time.Second) + history.Time(time.Duration(step)*every)
			b.world.At(at, func() {
				b.world.Invoke("c1", history.Request{Function: history.Write, Key: "x", Value: history.Integer(int64(step))}, ignore)
				b.world.Invoke("c2", history.Request{Function: history.Read, Key: "x"}, ignore)
			})
		}
		b.pass(63 * time.Second)
		events += b.world.Events()
	}
	bm.ReportMetric(float64(events)/bm.Elapsed().Seconds(), "events/s")
	bm.ReportMetric(63*float64(bm.N)/bm.Elapsed().Seconds(), "x-real-time")
}

func ignore(history.Completion) {}
