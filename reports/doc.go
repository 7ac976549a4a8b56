// Package reports makes what people look at: the page of one run, the page that compares many, and
// the same two on a terminal. It only reads histories and results; it judges nothing.
//
// Pages are single files without script or outside reference: they open from a disk, offline.
package reports
