package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/docker/docker/api/types/container"
)

// Slice is for how long a throttled container may run in each period: the least that an engine accepts.
const Slice = time.Millisecond

// slowest is the longest period that the kernel accepts.
const slowest = time.Second

// Slows errors if containers cannot be throttled.
func (e *Engine) Slows() error {
	if e.SpeedLimit {
		return nil
	}
	return errors.New("the kernel has no bound for a container's share of a processor: nodes cannot be slowed down")
}

// Throttle lets a container run, now and after later starts, for a Slice of processor time in each period, which
// is taken between Slice and a second; 0 lets it run as it likes. It must not be paused. See the kernel's
// documentation of the scheduler, "CFS Bandwidth Control".
func (e *Engine) Throttle(ctx context.Context, id ID, period time.Duration) error {
	bounds := container.Resources{CPUQuota: -1}
	if period > 0 {
		bounds = container.Resources{CPUQuota: Slice.Microseconds(), CPUPeriod: min(max(period, Slice), slowest).Microseconds()}
	}
	err := e.Slows()
	if err == nil {
		_, err = e.client.ContainerUpdate(ctx, string(id), container.UpdateConfig{Resources: bounds})
	}
	if err != nil {
		return fmt.Errorf("slowing %s: %w", id, err)
	}
	return nil
}
