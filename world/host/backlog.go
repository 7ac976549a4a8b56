package host

// Backlog is how many bytes were sent and are not in the socket yet.
func (c *connection) Backlog() int {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.out.size + c.queued
}
