// Package reports makes what people look at: the page of one run, the page that compares many, and
// the same two on a terminal. It only reads histories and results; it judges nothing.
//
// Pages are single HTML files without outside reference: they open from a disk, offline, in light and dark, on a phone and on
// paper. That of a run has one script, which its policy names by hash and lets do nothing but draw; it shows the run at any
// moment, and without it the page has the same run as pictures. Every picture has a table of the same numbers. What a
// history says is not trusted: texts are cut and made visible (text.go), escaped by html/template,
// and links may only lead to neighbouring files. What is drawn is bounded, and a note tells what was
// left out. The same input gives the same bytes.
//
// A map of the files:
//   - run.go, banner.go, measures.go, where.go, consistency.go: the page of a run; comparison.go, comparisontable.go,
//     summary.go: the page that compares; page.go and page/: templates and style
//   - glance.go: the same in one table, and which calls got through; course.go, sidebyside.go: systems over time, on one axis;
//     changes.go: what has changed since an earlier comparison
//   - sweep.go, sweepcurve.go, sweepcoverage.go: the page of a sweep; kills.go: the kill matrix of planted bugs
//   - worlds.go: which world a run was in, in words and as columns; divergence.go, divergingmeasures.go:
//     the same schedule in two worlds, side by side
//   - drawing.go: SVG as data, and the time axis that charts share; windows.go: faults from their events
//   - availability.go, latency.go, rate.go, nodes.go: the charts; witness.go: the picture of a witness, warp.go: its time,
//     witnessorder.go: its arrows, picture.go: the same as a file of its own, bars.go: and as text;
//     pictogram.go: who sees whom
//   - excerpt.go: the messages around the evidence of a run that nobody has made small
//   - story.go, storytold.go: how a run came to break a promise, told; storychorus.go: what several nodes say at once;
//     storychart.go, storyarrows.go: the space-time diagram; storytext.go: the story as text
//   - claims.go: the page of the literature's claims; claimstext.go: the same on a terminal and as Markdown
//   - terminal.go, terminalcomparison.go, columns.go: text of a fixed width; show.go: a run as bars; progress.go: how far a run is;
//     markdown.go: tables for documents;
//     callers.go: those of what a service's callers get; callersanswer.go: for which failures who gives them more, callerschart.go:
//     as a picture, callerstext.go: on a terminal
//   - exhibit.go, exhibitbins.go, exhibitoperations.go: the run as data for the page's script (page/*.js), compressed and bounded;
//     truth.go: what clients were told, against what was so; logs.go: what nodes wrote; losses.go: what links lost
//   - suite.go, junit.go, annotations.go, jobpage.go: what machines for continuous integration take
//   - text.go, words.go: numbers, verdicts and names in words
package reports
