package native

import "time"

// What cannot be done to processes from outside. Whoever runs a plan asks before whether its faults can be done; so these panic.

// PowerOff cannot be done: what a process has written stays, synced or not.
func (w *World) PowerOff(string) { lacks("cutting its power") }

// PowerOn cannot be done.
func (w *World) PowerOn(string) { lacks("cutting its power") }

// Fill cannot be done: a node's disk is a folder of the machine's.
func (w *World) Fill(string) { lacks("filling its disk") }

// Drain cannot be done.
func (w *World) Drain(string) { lacks("filling its disk") }

// Skew cannot be done: its clock is the machine's.
func (w *World) Skew(string, time.Duration) { lacks("moving its clock") }

// KillWriting cannot be done: when a process syncs is not seen from outside.
func (w *World) KillWriting(string, uint64) { lacks("killing it in the midst of a sync") }

// SlowSync cannot be done.
func (w *World) SlowSync(string, time.Duration) { lacks("slowing its disk") }

// FailSync cannot be done.
func (w *World) FailSync(string) { lacks("failing a sync") }

// MendSync cannot be done.
func (w *World) MendSync(string) { lacks("failing a sync") }

// Renew cannot be done: a node that starts cannot be told that it is another member.
func (w *World) Renew(string) { lacks("replacing a member") }

func lacks(what string) {
	panic("native: a node is a process, and " + what + " is nothing that can be done to it")
}
