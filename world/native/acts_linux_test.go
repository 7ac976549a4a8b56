package native

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// acts are what a test's own program may be instead.
var acts = map[string]func(){
	"servant": servant,
	"relay":   relay,
	"passer":  passer,
	"sleeper": func() { time.Sleep(time.Hour) },
	"host":    host,
	"probe":   probeNode,
}

// servant does what it is asked, and answers.
func servant() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		from, text, _ := strings.Cut(lines.Text(), " ")
		verb, rest, _ := strings.Cut(text, " ")
		fmt.Printf("%s %s\n", from, serve(verb, rest))
	}
}

func serve(verb, rest string) (answer string) {
	switch verb {
	case "pid":
		return strconv.Itoa(os.Getpid())
	case "say":
		return rest
	case "write":
		return fmt.Sprint("written ", os.WriteFile("kept", []byte(rest), 0o644))
	case "read":
		text, err := os.ReadFile("kept")
		if err != nil {
			return "nothing"
		}
		return string(text)
	case "child": // in the group of this one, or in a session of its own
		return spawnSleeper(rest == "daemon")
	case "deaf": // to all that asks it to end
		signal.Ignore(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
		return "deaf"
	default:
		misbehave(verb, rest)
	}
	return verb
}

// spawnSleeper starts a process that sleeps, below one that ends: so it has no parent but the guard.
func spawnSleeper(daemon bool) string {
	self, _ := os.Executable()
	sleeper := exec.Command("/bin/sh", "-c", `"$0" </dev/null >/dev/null 2>&1 & echo $!`, self)
	sleeper.Env = append(os.Environ(), actVariable+"=sleeper")
	sleeper.SysProcAttr = &syscall.SysProcAttr{Setsid: daemon}
	text, err := sleeper.Output()
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(text))
}

// misbehave is what no node should do.
func misbehave(verb, rest string) {
	switch verb {
	case "exit":
		fmt.Fprintln(os.Stderr, "error: this is the end")
		code, _ := strconv.Atoi(rest)
		os.Exit(code)
	case "crash":
		panic("out of ideas")
	case "flood":
		out := bufio.NewWriter(os.Stdout)
		for {
			_, _ = out.WriteString(strings.Repeat("x", 99) + "\n")
		}
	case "chatter":
		for range 1000 {
			fmt.Fprintln(os.Stderr, strings.Repeat("y", 99))
		}
	case "long":
		_, _ = io.Copy(os.Stdout, io.LimitReader(letters{}, 1<<20))
	case "sleep": // and read nothing
		time.Sleep(time.Hour)
	case "spin":
		for {
		}
	case "grow":
		var all [][]byte
		for {
			all = append(all, make([]byte, 64<<20)) // untouched, it takes no room in memory
		}
	}
}

// letters never end.
type letters struct{}

func (letters) Read(into []byte) (int, error) {
	for i := range into {
		into[i] = 'l'
	}
	return len(into), nil
}

// relay passes "n2 n3 n1 text" on to n2, which hears "n3 n1 n2 text".
func relay() {
	in, out := bufio.NewReaderSize(os.Stdin, 1<<16), bufio.NewWriterSize(os.Stdout, 1<<16)
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return
		}
		_, route, _ := bytes.Cut(line, []byte(" "))
		next, rest, _ := bytes.Cut(route, []byte(" "))
		at := bytes.LastIndexByte(rest, ' ')
		for _, part := range [][]byte{next, []byte(" "), rest[:at+1], next, rest[at:]} {
			_, _ = out.Write(part)
		}
		if in.Buffered() == 0 {
			_ = out.Flush()
		}
	}
}

// passer speaks Maelstrom's protocol. It passes what it hears on to the node after it, and begins with a hundred messages.
func passer() {
	in, out := bufio.NewReaderSize(os.Stdin, 1<<16), bufio.NewWriterSize(os.Stdout, 1<<16)
	next, head := "", ""
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return
		}
		if next == "" {
			var greeting struct {
				Dest string
				Body struct {
					NodeIDs []string `json:"node_ids"`
				}
			}
			_ = json.Unmarshal(line, &greeting) // the harness's own
			all := greeting.Body.NodeIDs
			next = all[(slices.Index(all, greeting.Dest)+1)%len(all)]
			head = fmt.Sprintf(`{"src":%q,"dest":%q,"body":`, greeting.Dest, next)
			fmt.Fprintf(out, `{"src":%q,"dest":"c0","body":{"type":"init_ok","in_reply_to":1}}`+"\n", greeting.Dest)
			for i := range 100 {
				fmt.Fprintf(out, `%s{"type":"pass","number":%d,"text":"%s"}}`+"\n", head, i, strings.Repeat("x", 60))
			}
		} else {
			_, _ = out.WriteString(head)
			_, _ = out.Write(line[bytes.Index(line, []byte(`"body":`))+len(`"body":`):])
		}
		if in.Buffered() == 0 {
			_ = out.Flush()
		}
	}
}
