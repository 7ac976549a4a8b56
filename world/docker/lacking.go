package docker

import "time"

// What containers cannot do. Whoever runs a plan asks before whether its faults can be done; so these panic.

// KillWriting cannot be done: when a process syncs is not seen from outside.
func (w *World) KillWriting(string, uint64) { lacks("killing a node in the midst of a sync") }

// SlowSync cannot be done: no device lies below a disk that could be told to.
func (w *World) SlowSync(string, time.Duration) { lacks("slowing a disk") }

// FailSync cannot be done: no device lies below a disk that could be told to.
func (w *World) FailSync(string) { lacks("failing a sync") }

// MendSync cannot be done.
func (w *World) MendSync(string) { lacks("failing a sync") }

func lacks(what string) { panic("docker: " + what + " is nothing that containers can do") }

// Renew cannot be done: a node that starts cannot be told that it is another member.
func (w *World) Renew(string) { lacks("replacing a member") }
