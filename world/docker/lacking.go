package docker

import "time"

// What containers cannot do. Whoever runs a plan asks before whether its faults can be done; so these panic.

// KillWriting cannot be done: when a process syncs is not seen from outside.
func (w *World) KillWriting(string, uint64) { lacks("killing a node in the midst of a sync") }

// Slow cannot be done yet.
func (w *World) Slow(string, time.Duration) { lacks("slowing a node") }

// SlowSync cannot be done: a disk is a file system in memory.
func (w *World) SlowSync(string, time.Duration) { lacks("slowing a disk") }

// FailSync cannot be done: a disk is a file system in memory.
func (w *World) FailSync(string) { lacks("failing a sync") }

// MendSync cannot be done.
func (w *World) MendSync(string) { lacks("failing a sync") }

// FlipBit cannot be done yet.
func (w *World) FlipBit(string, uint64) { lacks("damaging a disk") }

// MendBit cannot be done yet.
func (w *World) MendBit(string) { lacks("damaging a disk") }

// LoseDisk cannot be done yet.
func (w *World) LoseDisk(string) { lacks("losing a disk") }

// KeepDisk cannot be done yet.
func (w *World) KeepDisk(string) { lacks("copying a disk") }

// RestoreDisk cannot be done yet.
func (w *World) RestoreDisk(string) { lacks("restoring a disk") }

func lacks(what string) { panic("docker: " + what + " is nothing that containers can do") }

// Renew cannot be done: a disk cannot be taken away.
func (w *World) Renew(string) { lacks("replacing a member") }
