package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/reports"
)

// killsPage names the file that TestKillsPage writes the record's page to.
var killsPage = flag.String("killspage", "", "write the kill matrix of docs/bugs.md as a page to this file")

// The kill matrix of the record, as a page, has every bug that the record has.
func TestKillsPage(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "bugs.md"))
	require.NoError(t, err)
	kills := killsIn(t, string(text))
	require.Len(t, kills.Bugs, len(foundIn(string(text))))
	var page bytes.Buffer
	require.NoError(t, reports.WriteKills(&page, kills))
	require.Equal(t, len(kills.Bugs), strings.Count(page.String(), "</span> found</span>")+strings.Count(page.String(), "</span> survives</span>"))
	if *killsPage != "" {
		require.NoError(t, os.MkdirAll(filepath.Dir(*killsPage), 0o755))
		require.NoError(t, os.WriteFile(*killsPage, page.Bytes(), 0o644))
	}
}

// killsIn reads the matrix of a record; what each bug is comes from the table of bugs.
func killsIn(t *testing.T, text string) reports.Kills {
	kills := reports.Kills{Version: version(), Seeds: bugSeeds}
	_, matrix, _ := strings.Cut(text, "\n## The kill matrix\n")
	matrix, _, _ = strings.Cut(matrix, "\n## ")
	for line := range strings.Lines(matrix) {
		cells := strings.Split(line, "|")
		if len(cells) != 10 || !strings.Contains(cells[2], "`") {
			continue
		}
		for i := range cells {
			cells[i] = strings.Trim(cells[i], " `\n")
		}
		kill := reports.Kill{System: cells[1], Bug: cells[2], First: cells[4], Median: cells[5], Items: cells[8]}
		var err error
		kill.Found, err = strconv.Atoi(cells[3])
		require.NoError(t, err, line)
		for _, seen := range strings.Split(cells[7], ", ") {
			if checker, runs, found := strings.Cut(seen, " "); found {
				number, err := strconv.Atoi(runs)
				require.NoError(t, err, line)
				kill.Seen = append(kill.Seen, reports.Seen{Checker: checker, Runs: number})
			}
		}
		for _, system := range plantable() {
			for _, bug := range system.Bugs {
				if system.Name == kill.System && bug.Name == kill.Bug {
					kill.Breaks, kill.Workload, kill.Faults, kill.Expected = bug.Breaks, bug.Workload, bug.Faults, bug.Checker
				}
			}
		}
		kills.Bugs = append(kills.Bugs, kill)
	}
	return kills
}
