package native

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"cleave/internal/ends"
)

// child is the harness's end of a guard and of the process that it guards.
type child struct {
	instance *Instance
	guard    *exec.Cmd
	control  *os.File      // what the guard is told; when it is closed all end
	frozen   chan struct{} // the guard says that all below it stands still
	group    sync.WaitGroup
	over     chan struct{} // nothing is left of it
}

// self is the program that runs, also if its file is no more.
const self = "/proc/self/exe"

// start starts a guard, which starts the process of an instance in a folder.
func start(i *Instance, folder string) (*child, error) {
	c := &child{instance: i, frozen: make(chan struct{}, 1), over: make(chan struct{})}
	// The guard has a session of its own, so that no terminal ends or stops it.
	c.guard = &exec.Cmd{Path: self, Args: append([]string{guardName, i.program.Path}, i.program.Arguments...), Dir: folder,
		Env:         append(append(os.Environ(), i.program.Environment...), guardMark+"="+strconv.FormatUint(i.program.Limits.Memory, 10)),
		SysProcAttr: &syscall.SysProcAttr{Setsid: true}}
	pipes, err := openPipes()
	if err != nil {
		return nil, err
	}
	c.guard.Stdin, c.guard.Stdout, c.guard.Stderr = pipes[0].far, pipes[1].far, pipes[2].far
	c.guard.ExtraFiles = []*os.File{pipes[3].far, pipes[4].far}
	err = c.guard.Start()
	for _, each := range pipes {
		_ = each.far.Close() // the guard has it, or nobody
		if err != nil {
			_ = each.near.Close() // nothing went over it
		}
	}
	if err != nil {
		return nil, err
	}
	c.control = pipes[3].near
	c.follow(pipes)
	return c, nil
}

// follow has goroutines for all that goes on between the process and the harness.
func (c *child) follow(pipes []pipe) {
	i, lastWords := c.instance, ""
	c.group.Go(func() { i.write(pipes[0].near) })
	var readers sync.WaitGroup
	readers.Go(func() { i.read(pipes[1].near) })
	readers.Go(func() { lastWords = i.readLog(pipes[2].near) })
	c.group.Go(func() {
		reason := c.listen(pipes[4].near)
		_ = c.guard.Wait() // how the guard ended says nothing
		if reason == unguarded {
			_, _ = pipes[1].near.Close(), pipes[2].near.Close() // what it has left may hold them for ever
		}
		readers.Wait() // after the guard nobody is left who could print
		i.end(ends.With(reason, lastWords), false)
		i.input.close()
	})
	go func() {
		c.group.Wait()
		close(c.over)
	}()
}

// unguarded is why a process ends whose guard somebody has killed.
const unguarded = "its guard was killed"

// listen hears the guard until it ends, and gives why the process has ended.
func (c *child) listen(report io.ReadCloser) (reason string) {
	defer func() { _ = report.Close() }() // only read
	reason = unguarded
	for lines := bufio.NewScanner(report); lines.Scan(); {
		if said, ended := strings.CutPrefix(lines.Text(), endedReport); ended {
			reason = said
			continue
		}
		c.frozen <- struct{}{}
	}
	return reason
}

// tell gives the guard an order. One that is gone does not matter.
func (c *child) tell(order string) { _, _ = c.control.WriteString(order + "\n") }

// freeze has all processes stand still, and waits until they do.
func (c *child) freeze() {
	c.tell("freeze on")
	select {
	case <-c.frozen:
	case <-c.over:
	}
}

// kill ends all processes, and waits until nothing is left of them.
func (c *child) kill() {
	c.instance.input.close() // nobody speaks or listens to it any more
	c.instance.output.close()
	_ = c.control.Close() // which tells the guard
	<-c.over
}

// pipe is a pipe between the harness, near, and the guard.
type pipe struct{ near, far *os.File }

// openPipes are those for standard input, output and error, for orders and for reports.
func openPipes() (pipes []pipe, err error) {
	for _, inward := range []bool{true, false, false, true, false} {
		read, write, bad := os.Pipe()
		if bad != nil {
			err = bad
			break
		}
		if inward {
			pipes = append(pipes, pipe{near: write, far: read})
		} else {
			pipes = append(pipes, pipe{near: read, far: write})
		}
	}
	if err == nil {
		return pipes, nil
	}
	for _, each := range pipes {
		err = errors.Join(err, each.near.Close(), each.far.Close())
	}
	return nil, err
}
