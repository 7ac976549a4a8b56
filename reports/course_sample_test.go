package reports_test

import (
	"slices"
	"testing"

	"cleave/checker"
	"cleave/reports"
)

// courseComparison is the sample with what its runs were like over time, calls, and an earlier comparison beside it.
func courseComparison(t testing.TB) reports.Comparison {
	c := sampleComparison()
	c.Faults = c.Faults[:3]
	c.Cells = slices.DeleteFunc(c.Cells, func(cell reports.Cell) bool {
		return !slices.ContainsFunc(c.Faults, func(fault reports.Subject) bool { return fault.Name == cell.Fault })
	})
	against := slices.Clone(c.Cells)
	against[0].Promises = slices.Clone(against[0].Promises)
	against[0].Promises[0].Verdict = checker.Invalid
	c.Against = &reports.Against{Folder: "store/compare/before", Cells: against, Margin: reports.Margin{Points: 10, Factor: 2}}
	course := reports.CourseOf(sampleReport(t))
	for i := range c.Cells {
		cell := &c.Cells[i]
		cell.Course = course
		if cell.Workload != "discovery" {
			continue
		}
		reached := []float64{0.876, 0.48, 0.876}[i%3]
		cell.Measured = append(cell.Measured, checker.Result{Checker: "calls", Verdict: checker.Valid, Reason: "measured", Measures: []checker.Measure{
			part("calls reached", "majority", reached), part("calls reached with a retry", "majority", 0.976),
			part("calls that could reach", "majority", 0.99), part("calls reached", "minority", 0.014)}})
	}
	broken := slices.IndexFunc(c.Cells, func(cell reports.Cell) bool { return cell.System == "cachedcp" && cell.Workload == "discovery" })
	c.Cells[broken].Verdict, c.Cells[broken].Promises[0].Verdict = checker.Invalid, checker.Invalid
	return c
}

// answerComparison is the same with what callers got over many seeds.
func answerComparison(t testing.TB) reports.Comparison {
	c := courseComparison(t)
	c.Calls = &reports.Callers{Command: "cleave compare --seeds 1-20", First: 1, Last: 20, Columns: []reports.CallersColumn{
		{System: "cpstore", Kind: "CP"}, {System: "cachedcp", Kind: "CP+cache"}, {System: "cachedcp", Kind: "CP+cache", Cached: true},
		{System: "apregistry", Kind: "AP"}, {System: "apregistry", Kind: "AP", Cached: true},
		{System: "apregistry-plain", Kind: "AP"}, {System: "</script> & of a kind of its own"},
	}}
	s := sampler{state: 3}
	for _, phase := range []string{"warmup", "faults", "quiet"} {
		for i, fault := range c.Faults {
			for k, side := range []string{"", "majority", "minority", "cut off"} {
				if side != "" && (phase != "faults" || i == 0 && k > 1 || k == 3 && i < 2) {
					continue
				}
				row := reports.CallersRow{Fault: fault.Name, Side: side, Phase: phase}
				for column := range c.Calls.Columns {
					cell := reports.CallersCell{Calls: 2000, Possible: 2000}
					for seed := uint64(1); seed <= 20; seed++ {
						first := float64(s.draw(20)+10*column) / 100
						cell.Seeds = append(cell.Seeds, reports.CallersSeed{Seed: seed, Reached: first, Retried: first + float64(s.draw(10))/100})
						cell.Reached += int(100 * first)
						cell.Retried += int(100 * cell.Seeds[seed-1].Retried)
					}
					row.Cells = append(row.Cells, cell)
				}
				c.Calls.Rows = append(c.Calls.Rows, row)
			}
		}
	}
	return c
}
