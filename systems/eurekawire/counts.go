package eurekawire

import "strconv"

// Counts says how many instances have each status.
type Counts struct{ Down, OutOfService, Starting, Unknown, Up int }

// Add counts n more instances of a status; one that is none of Eureka's counts as unknown.
func (c *Counts) Add(status Status, n int) {
	switch status {
	case Down:
		c.Down += n
	case OutOfService:
		c.OutOfService += n
	case Starting:
		c.Starting += n
	case Up:
		c.Up += n
	default:
		c.Unknown += n
	}
}

// Hash is what apps__hashcode holds: "DOWN_1_UP_3_", statuses in alphabetical order, those without
// instances left out. It knows counts only, not which instances.
func Hash(c Counts) string {
	out := make([]byte, 0, 64)
	out = appendCount(out, Down, c.Down)
	out = appendCount(out, OutOfService, c.OutOfService)
	out = appendCount(out, Starting, c.Starting)
	out = appendCount(out, Unknown, c.Unknown)
	out = appendCount(out, Up, c.Up)
	return string(out)
}

func appendCount(out []byte, status Status, n int) []byte {
	if n <= 0 {
		return out
	}
	out = append(append(out, status...), '_')
	return append(strconv.AppendInt(out, int64(n), 10), '_')
}

// Counts counts the instances by status.
func (a *Applications) Counts() Counts {
	var counts Counts
	for i := range a.Applications {
		for j := range a.Applications[i].Instances {
			counts.Add(a.Applications[i].Instances[j].Status, 1)
		}
	}
	return counts
}
