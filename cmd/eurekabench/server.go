package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// server is the process that is measured.
type server struct {
	command *exec.Cmd
	address string
	folder  string
}

// configuration has the node open at once, with lists that follow within a second and deltas that forget
// within ten, so that nobody need wait for minutes until deltas are small. All else is Eureka's own.
const configuration = `name: n1
listen: %s
syncRetries: 1
intervals: {waitWhenSyncEmpty: 0s, responseCache: 1s, deltaRetention: 8s, deltaPurge: 1s}
`

func start(binary string) (*server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &server{address: listener.Addr().String()}
	_ = listener.Close() // it was only to find a port
	if s.folder, err = os.MkdirTemp("", "eurekabench"); err != nil {
		return nil, err
	}
	file := filepath.Join(s.folder, "registry.yaml")
	if err := os.WriteFile(file, fmt.Appendf(nil, configuration, s.address), 0o644); err != nil {
		return nil, err
	}
	s.command = exec.Command(binary, "node", "--system", "apregistry", "--config", file)
	s.command.Stderr = os.Stderr
	out, err := s.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		return nil, fmt.Errorf("the node does not start: %w", err)
	}
	return s, nil
}

func (s *server) close() {
	_ = s.command.Process.Kill()
	_ = s.command.Wait()
	_ = os.RemoveAll(s.folder)
}

// cpu is the processor time that the node has used.
func (s *server) cpu() time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.command.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])   // utime
	system, _ := strconv.Atoi(fields[12]) // stime
	return time.Duration(user+system) * 10 * time.Millisecond
}

// memory is the node's resident memory in bytes.
func (s *server) memory() int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", s.command.Process.Pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize())
}
