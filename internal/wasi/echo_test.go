package wasi

import (
	"testing"
	"time"
	"strings"

	"cleave/world"
)

func TestEcho(t *testing.T) {
	program := guestProgram(t, "echo")
	t0 := time.Now()
	script := play(t, 1, program, Options{Arguments: []string{"echo", "x"}, Environment: []string{"COLOUR=red"}}, 3500*time.Millisecond,
		func(i *Instance, env world.Environment) {
			i.Input([]byte("hello"))
			env.After(1500*time.Millisecond, func() { i.Input([]byte("again")) })
		})
	t.Log(time.Since(t0))
	t.Log("\n" + strings.Join(script, "\n"))
}
