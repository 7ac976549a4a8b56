package reports

// Sample takes at most a number of a run's operations as a page does: their outcomes, and what is said of the others.
func Sample(run Run, most int) (outcomes []int, note string) {
	columns, _ := operationColumns(run, truthOf(run), most)
	return columns.Outcome, columns.Note
}
