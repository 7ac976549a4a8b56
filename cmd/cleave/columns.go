package main

import (
	"io"
	"os"
	"strconv"

	"cleave/reports"
)

// The widths of a terminal that are taken at their word, in columns.
const (
	leastColumns = 40
	mostColumns  = 400
)

// columns is how wide a terminal is: 80 where nobody says, or it is none. COLUMNS goes before what the terminal says.
func columns(w io.Writer) int {
	width, err := strconv.Atoi(os.Getenv("COLUMNS"))
	if file, is := w.(*os.File); err != nil && is {
		width = windowColumns(file)
	}
	if width <= 0 {
		width = reports.Columns
	}
	return min(max(width, leastColumns), mostColumns)
}
