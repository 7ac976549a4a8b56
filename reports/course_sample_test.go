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
