package image

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"cleave/history"
	"cleave/world"
)

// program is a client of somebody's own: a process on this machine, in the client's place in the network. It reads
// operations from its standard input and writes what became of them to its standard output, a line each:
//
//	{"id":7,"f":"cas","key":"x","value":[3,4],"node":"n1","address":"10.64.0.1:2379"}
//	{"id":7,"type":"fail","error":"value differs"}
//
// Type is ok, fail or info; of an ok there may be a value, the node that answered, if another than the one named,
// and a version. One that does not answer in time is killed, one that has ended started again with the next
// operation.
type program struct {
	edge       world.Edge
	arguments  []string
	additional []string // variables
	folder     string
	asked      int64 // operations so far
	group      sync.WaitGroup

	mutex   sync.Mutex
	running *process // nil if there is none
}

// process is a program that runs.
type process struct {
	command *exec.Cmd
	input   io.WriteCloser
	output  io.ReadCloser
	lines   chan []byte   // what it writes, while somebody waits
	gone    chan struct{} // closed when it has ended, or was killed
	leave   sync.Once     // closes it
}

// operationLine is what a program reads.
type operationLine struct {
	ID       int64            `json:"id"`
	Function history.Function `json:"f"`
	Key      string           `json:"key"`
	Value    history.Value    `json:"value"`
	Node     string           `json:"node"`
	Address  string           `json:"address"`
}

// completionLine is what it writes.
type completionLine struct {
	ID      int64           `json:"id"`
	Type    history.Outcome `json:"type"`
	Value   history.Value   `json:"value"`
	Error   string          `json:"error"`
	Node    string          `json:"node"`
	Version int64           `json:"version"`
}

// longestLine bounds what a program writes, in bytes; parting is how long its pipes may stay open after its end.
const (
	longestLine = 1 << 20
	parting     = 500 * time.Millisecond
)

// newProgram starts a program for a client. An error says that it cannot be started.
func (f File) newProgram(folder, name, host string, places world.Places, edge world.Edge) (*program, error) {
	arguments, variables, err := f.commandLine(name, host, places)
	if err != nil {
		return nil, err
	}
	if edge.Log == nil {
		edge.Log = io.Discard
	}
	p := &program{edge: edge, arguments: arguments, additional: variables, folder: folder}
	_, err = p.process()
	return p, err
}

// commandLine is how a program is started, and its variables.
func (f File) commandLine(name, host string, places world.Places) (arguments, more []string, err error) {
	data := dataOf(host, places, f.Node.Port)
	data.Client = name
	if arguments, err = texts("client.program.run", f.Client.Program.Run, data); err != nil {
		return nil, nil, err
	}
	more, err = variables("client.program.environment", f.Client.Program.Environment, data)
	return arguments, more, err
}

// Found is where the program of a file's clients is; "" if they have none. An error says that it is not there.
func (f File) Found(folder string) (string, error) {
	if f.Client.Program == nil {
		return "", nil
	}
	path, err := exec.LookPath(absolute(folder, f.Client.Program.Run[0]))
	if err != nil {
		return "", fmt.Errorf("client.program.run: %w", err)
	}
	return path, nil
}

// absolute is a program's path from the file's folder, if it has a slash.
func absolute(folder, program string) string {
	if strings.Contains(program, "/") && !filepath.IsAbs(program) {
		return filepath.Join(folder, program)
	}
	return program
}

// process is the one that runs, which is started if need be.
func (p *program) process() (*process, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.running != nil {
		select {
		case <-p.running.gone:
		default:
			return p.running, nil
		}
	}
	command := exec.Command(absolute(p.folder, p.arguments[0]), p.arguments[1:]...)
	command.Env = append(os.Environ(), p.additional...)
	command.Stderr = p.edge.Log
	command.WaitDelay = parting
	apart(command)
	input, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	start := command.Start
	if p.edge.Enter != nil {
		start = func() error { return p.edge.Enter(command.Start) }
	}
	if err := start(); err != nil {
		return nil, fmt.Errorf("the client program cannot be started: %w", err)
	}
	made := &process{command: command, input: input, output: output, lines: make(chan []byte), gone: make(chan struct{})}
	p.group.Go(made.read)
	p.running = made
	return made, nil
}

// read hands over what the process writes, until it ends.
func (r *process) read() {
	scanner := bufio.NewScanner(r.output)
	scanner.Buffer(nil, longestLine)
	for scanner.Scan() {
		select {
		case r.lines <- bytes.Clone(scanner.Bytes()):
		case <-r.gone:
		}
	}
	r.kill() // a line that is too long, or the end of its output
	_ = r.command.Wait()
}

// kill ends the process, and what it has started: nobody waits for it any more. Its pipes are closed at this end too, for a process of its own
// that it leaves behind may hold the other one.
func (r *process) kill() {
	r.leave.Do(func() {
		close(r.gone)
		end(r.command) // before anybody waits for it: its number is its own until then
	})
	_ = r.input.Close()
	_ = r.output.Close()
}

func (p *program) ask(ctx context.Context, node place, request history.Request) (history.Completion, contact) {
	running, err := p.process()
	if err != nil {
		return said(node, history.Fail, err.Error())
	}
	p.asked++
	line, err := json.Marshal(operationLine{p.asked, request.Function, request.Key, request.Value, node.name, node.address})
	if err != nil {
		return said(node, history.Fail, errorBadRequest)
	}
	defer context.AfterFunc(ctx, running.kill)() // one that does not answer, or does not even read
	if _, err := running.input.Write(append(line, '\n')); err != nil {
		return lost(ctx)
	}
	for {
		select {
		case answer := <-running.lines:
			if completion, contact, mine := read(answer, p.asked, node); mine {
				return completion, contact
			}
		case <-running.gone:
			return lost(ctx)
		}
	}
}

// lost is the end of an operation that the program has said nothing about: in time, or at all.
func lost(ctx context.Context) (history.Completion, contact) {
	reason := "the client program has ended"
	if ctx.Err() != nil {
		reason = errorTimeout
	}
	return history.Completion{Outcome: history.Info, Error: reason}, silent
}

// read reads what a program says, and whether that is about an operation. What cannot be read is taken to be.
func read(line []byte, about int64, node place) (history.Completion, contact, bool) {
	var answer completionLine
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&answer)
	if err == nil && answer.ID != about {
		return history.Completion{}, silent, false // of one that was given up
	}
	if _, end := decoder.Token(); err == nil && !errors.Is(end, io.EOF) {
		err = errors.New("something follows the end")
	}
	completion := history.Completion{Outcome: answer.Type, Value: answer.Value, Node: node.name, Version: answer.Version, Error: answer.Error}
	if answer.Node != "" {
		completion.Node = answer.Node
	}
	switch {
	case err != nil || answer.Version < 0:
		return history.Completion{Outcome: history.Info, Error: errorBadAnswer}, silent, true
	case answer.Type == history.Ok:
		completion.Error = ""
		return completion, answered, true
	case answer.Type == history.Fail && answer.Error == errorRefused:
		return completion, unsent, true
	case answer.Type == history.Fail:
		return completion, answered, true
	case answer.Type == history.Info:
		return completion, silent, true
	}
	return history.Completion{Outcome: history.Info, Error: errorBadAnswer}, silent, true
}

// close ends the process, and waits until it has ended.
func (p *program) close() error {
	p.mutex.Lock()
	running := p.running
	p.mutex.Unlock()
	if running != nil {
		running.kill()
	}
	p.group.Wait()
	return nil
}
