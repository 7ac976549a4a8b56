// Package reports makes what people look at: the page of one run, the page that compares many, and
// the same two on a terminal. It only reads histories and results; it judges nothing.
//
// Pages are single HTML files without script or outside reference: they open from a disk, offline,
// in light and dark, on a phone and on paper. Every picture has a table of the same numbers. What a
// history says is not trusted: texts are cut and made visible (text.go), escaped by html/template,
// and links may only lead to neighbouring files. What is drawn is bounded, and a note tells what was
// left out. The same input gives the same bytes.
//
// A map of the files:
//   - run.go, banner.go, measures.go, where.go: the page of a run; comparison.go, comparisontable.go,
//     summary.go: the page that compares; page.go and page/: templates and style
//   - worlds.go: which world a run was in, in words and as columns; divergence.go, divergingmeasures.go:
//     the same schedule in two worlds, side by side
//   - drawing.go: SVG as data, and the time axis that charts share; windows.go: faults from their events
//   - availability.go, latency.go, rate.go, nodes.go: the charts; witness.go: the picture of a witness, warp.go: its time,
//     witnessorder.go: its arrows, picture.go: the same as a file of its own, bars.go: and as text;
//     pictogram.go: who sees whom
//   - story.go, storytold.go: how a run came to break a promise, told; storychart.go, storyarrows.go: the
//     space-time diagram; storytext.go: the story as text
//   - terminal.go, terminalcomparison.go, columns.go: text of a fixed width; markdown.go: tables for documents
//   - text.go, words.go: numbers, verdicts and names in words
package reports
