// Package verify judges histories of anybody's making: it reads them as a stream, finds out what object they are
// about, and gives each key to the checker of the consistency that is asked for.
//
//	answer, err := verify.Judge(source, foreign.Options{}, verify.Question{Model: "cas-register"})
//	answer.Verdict                                                 // valid, invalid or unknown
//	answer.Findings[0].Witness.Explanation                         // why not
//
// A history may be larger than memory: if it may be, it is read several times, and each time some of the keys are
// judged.
//
// A map of the files: verify.go (Question, Answer, Judge), passes.go (reading some keys at a time), bounded.go
// (time and memory), infer.go (which object a history is about), consistencies.go (which checker judges what),
// objects.go (invariants, and the objects that they alone are judged by).
package verify
