// Package foreign reads histories that others wrote, as well as our own, one operation at a time, and writes them in
// others' forms.
//
//	{"type":"invoke","process":0,"f":"write","value":7}          JSON Lines, ours and plain ones
//	{"type":"ok","process":0,"f":"write","value":7}
//
//	{:type :invoke, :process 0, :f :write, :value 7, :time 12}   Jepsen's history.edn
//	INFO  jepsen.util - 0	:invoke	:write	7                    Jepsen's log, as porcupine's tests keep it
//
// An invocation is joined with its completion; nothing else is held in memory, so that a history may be larger than
// it. Every error names the line.
//
// A map of the files: format.go (the formats, and how one is told from another), source.go (lines of bounded length,
// with their numbers), reader.go (events as they are read, one format each), lines.go (JSON Lines, many at a time),
// object.go (a line of JSON), jsonvalue.go (its values), edn.go (EDN, the notation of Jepsen's files), jepsen.go
// (operations as Jepsen writes them), log.go (lines of a log), names.go (what others call our functions), join.go
// (operations of events), write.go (JSON Lines and EDN).
package foreign
