package native

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"cleave/internal/ends"
)

// Between the harness and a guard.
const (
	guardName   = "cleave-guard"   // what the guard is called among processes
	guardMark   = "CLEAVE_GUARD"   // is in its environment: the most memory that the node may have
	orders      = 3                // file from which it reads orders
	reports     = 4                // file to which it writes reports
	endedReport = "ended: "        // begins the report of the end of the node
	frozen      = "frozen"         // reports that all stand still
	killBeat    = time.Millisecond // between two looks whether anybody is left, at first
	longestBeat = 100 * time.Millisecond
	runSlice    = time.Millisecond // how long a slow node runs at a time
)

// Guard makes a guard of a program that was started as one, and gives the exit code once it has done its work. A program
// that makes a World calls it first of all in main, and ends if it was a guard; tests call it in TestMain.
//
// A guard starts a node's process, and is the one to whom the kernel gives what the node's processes leave behind when they
// end. It carries out orders, tells how the process ended, and kills all that is left then, or when the harness is gone.
func Guard() (code int, was bool) {
	memory, was := os.LookupEnv(guardMark)
	if !was {
		guarded.Store(true)
		return 0, false
	}
	runtime.LockOSThread() // the kernel kills the process when the thread ends that has started it
	g := &guard{report: os.NewFile(reports, "reports"), over: make(chan struct{})}
	if err := g.start(memory); err != nil {
		_, _ = fmt.Fprintf(g.report, "%s%s\n", endedReport, ends.NotStarted(err)) // else the harness is gone, and so is this
		return 1, true
	}
	go g.steer(g.listen())
	how := g.reap()
	_, _ = fmt.Fprintf(g.report, "%s%s\n", endedReport, how)
	return 0, true
}

// guard is the parent of a node's process.
type guard struct {
	report *os.File
	over   chan struct{} // the process has ended
	node   int           // its number, and that of its group

	mutex sync.Mutex
	gone  bool // it was waited for, and its number may become another's
}

// start starts the node's process, and keeps nothing open that is the node's.
func (g *guard) start(memory string) error {
	unix.CloseOnExec(orders)
	unix.CloseOnExec(reports)
	signal.Notify(make(chan os.Signal, 1), unix.SIGINT, unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT) // it ends when its work is done
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return err
	}
	if err := os.Unsetenv(guardMark); err != nil {
		return err
	}
	var err error
	g.node, err = syscall.ForkExec(os.Args[1], os.Args[1:], &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{0, 1, 2},
		Sys: &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}})
	if err != nil {
		return err
	}
	nothing, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	for file := 0; file < 3 && err == nil; file++ {
		err = unix.Dup3(int(nothing.Fd()), file, 0)
	}
	if most, bad := strconv.ParseUint(memory, 10, 64); bad == nil && most > 0 && err == nil {
		err = unix.Prlimit(g.node, unix.RLIMIT_AS, &unix.Rlimit{Cur: most, Max: most}, nil)
	}
	return err
}

// listen hears orders until the harness is gone.
func (g *guard) listen() <-chan string {
	heard := make(chan string)
	go func() {
		for lines := bufio.NewScanner(os.NewFile(orders, "orders")); lines.Scan(); {
			heard <- lines.Text()
		}
		close(heard)
	}()
	return heard
}

// steer carries out orders: whether the node is to stand still, and how slow it is to be. It ends with the node.
func (g *guard) steer(heard <-chan string) {
	s := steering{}
	turn := time.NewTimer(0)
	for {
		select {
		case order, more := <-heard:
			if !more {
				g.kill()
				return
			}
			s.take(order)
		case <-turn.C:
		case <-g.over:
			g.kill()
			return
		}
		posture, next := s.next()
		g.move(s.posture, posture)
		s.posture = posture
		if s.frozen && !s.told {
			g.settle()
			_, _ = fmt.Fprintln(g.report, frozen)
			s.told = true
		}
		turn.Reset(next)
	}
}

// posture is what a node does.
type posture uint8

const (
	moving   posture = iota
	resting          // as it is slow: only its own group stands still, which costs little to bring about
	standing         // with all that it has started
)

// steering is how a node is to be.
type steering struct {
	paused, frozen bool
	rest           time.Duration
	posture        posture
	told           bool // that it is frozen
}

func (s *steering) take(order string) {
	what, value, _ := strings.Cut(order, " ")
	switch what {
	case "pause":
		s.paused = value == "on"
	case "freeze":
		s.frozen, s.told = value == "on", false
	case "slow":
		rest, _ := strconv.ParseInt(value, 10, 64)
		s.rest = time.Duration(rest)
	}
}

// never is longer than any node lives.
const never = 1000 * time.Hour

// next is what the node is to do now, and for how long.
func (s *steering) next() (posture, time.Duration) {
	switch {
	case s.paused || s.frozen:
		return standing, never
	case s.rest == 0:
		return moving, never
	case s.posture == moving:
		return resting, runSlice * s.rest / workAtOne
	}
	return moving, runSlice
}

// move takes the node from one posture to another.
func (g *guard) move(from, to posture) {
	switch {
	case from == to:
	case to == standing:
		g.signal(unix.SIGSTOP, true)
	case to == resting:
		g.signal(unix.SIGSTOP, false)
	default:
		g.signal(unix.SIGCONT, from == standing)
	}
}

// signal sends a signal to the node's group, and perhaps to all processes below this one that are in other groups.
func (g *guard) signal(number syscall.Signal, others bool) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if !g.gone {
		_ = unix.Kill(-g.node, number) // all of it, or nobody is there
	}
	if !others {
		return
	}
	for _, each := range below(os.Getpid()) {
		if each.group != g.node || g.gone {
			_ = unix.Kill(each.number, number) // else it has just ended
		}
	}
}

// settle waits until all processes stand still, as they do very soon.
func (g *guard) settle() {
	for range 1000 {
		moving := false
		for _, each := range below(os.Getpid()) {
			moving = moving || !each.still()
		}
		if !moving {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// kill kills whatever is below this process, again and again: it ends with this process, which ends when all are gone.
func (g *guard) kill() {
	for beat := killBeat; ; beat = min(2*beat, longestBeat) {
		g.signal(unix.SIGKILL, true)
		time.Sleep(beat)
	}
}

// reap waits for all processes below this one, and gives how the node ended. When it does the others are ended too.
func (g *guard) reap() (how string) {
	for {
		err := unix.Waitid(unix.P_ALL, 0, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return how // nobody is left
		}
		g.mutex.Lock() // nobody is to be sent a signal while its number becomes free
		var status unix.WaitStatus
		number, _ := unix.Wait4(-1, &status, unix.WNOHANG, nil)
		if number == g.node {
			g.gone = true
			how = describe(status)
			close(g.over)
		}
		g.mutex.Unlock()
	}
}

// describe says how a process ended.
func describe(status unix.WaitStatus) string {
	if status.Signaled() {
		return ends.Killed(unix.SignalName(status.Signal()))
	}
	return ends.Exited(status.ExitStatus())
}

// able tells what this machine lacks.
func able() error {
	file, err := os.Open("/proc/self/stat")
	if err != nil {
		return fmt.Errorf("processes are found through /proc: %w", err)
	}
	_, err = io.Copy(io.Discard, file)
	_ = file.Close() // only read
	return err
}
