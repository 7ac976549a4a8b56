package host

// takeCalls has what other goroutines want done done on the process's, until the loop has ended.
func (h *host) takeCalls() {
	if h.options.Calls == nil {
		return
	}
	h.accepting.Go(func() {
		for {
			select {
			case action := <-h.options.Calls:
				h.queue.post(event{kind: actionEvent, action: action})
			case <-h.web.over:
				return
			}
		}
	})
}
