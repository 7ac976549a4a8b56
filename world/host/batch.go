package host

// Batches says that Turn is called after each batch of events, if the process has it.
func (h *host) Batches() bool { return h.batcher != nil }
