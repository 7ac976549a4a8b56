// Package serve is a page over a store: its runs, comparisons and sweeps to search, sort, filter, open, compare and
// delete, and what is under way as it goes on. It reads folders and judges nothing.
//
//	browser ──GET /──────────▶ list ◀── index ◀── plan.json, verdict.json, sweep.json, progress.json
//	        ──GET /store/…───▶ a file of the store, in a sandbox of its own
//	        ──GET /live──────▶ events while something runs
//	        ──POST /delete───▶ with the secret that only our own pages have
//
// What it trusts: nobody but who holds the token, and without one, programs of this machine. A page of another site
// cannot ask it (the Host header must name us, so that no name can be pointed here), cannot read its answers, and cannot
// delete. Reports are made from histories, whose text is anybody's: each is shown in a sandbox, as if from another site.
// No path leads out of the store, by whatever spelling or link: os.Root opens every file.
//
// A map of the files: server.go (Options, Open, the routes), guard.go (who may ask), content.go (files of the store),
// index.go (what is in the store), entry.go (one run, comparison or sweep), reading.go (their files), query.go (search,
// filter, sort), list.go, folder.go, compare.go (the pages), remove.go (deleting), live.go (events), pages.go
// (templates) and page/ (templates, style and script).
package serve
