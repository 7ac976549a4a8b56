package docker

// What containers cannot do. Whoever runs a plan asks before whether its faults can be done; so these panic.

func lacks(what string) { panic("docker: " + what + " is nothing that containers can do") }

// Renew cannot be done: a node that starts cannot be told that it is another member.
func (w *World) Renew(string) { lacks("replacing a member") }
