// Guest is a program for the tests. Its first argument says what it does.
package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"
)

var doings = map[string]func(arguments []string){
	"echo": echo, "files": files, "journal": journal, "settle": settle, "save": save,
	"spin": func([]string) {
		for begun := time.Now(); time.Since(begun) < time.Hour; {
			runtime.Gosched()
		}
	},
	"recurse": func([]string) { fmt.Println(fibonacci(90)) },
	"flood": func([]string) {
		for {
			fmt.Println("more")
		}
	},
	"trickle": func([]string) {
		for {
			fmt.Println("more")
			time.Sleep(time.Microsecond)
		}
	},
	"endless": func([]string) {
		for {
			fmt.Print("more and ")
		}
	},
	"loglines": func([]string) {
		for n := range 1000 {
			fmt.Fprintln(os.Stderr, "line", n)
		}
	},
	"fill": func([]string) {
		for kept := [][]byte(nil); ; {
			kept = append(kept, make([]byte, 1<<20))
		}
	},
	"exit":    func(a []string) { status, _ := strconv.Atoi(a[0]); os.Exit(status) },
	"panic":   func([]string) { panic("the sky fell") },
	"readall": func([]string) { all, err := io.ReadAll(os.Stdin); fmt.Println(len(all), err) },
	"deaf": func([]string) {
		time.Sleep(time.Hour)
	},
	"sleep": func([]string) { time.Sleep(1500 * time.Millisecond); fmt.Println("slept") },
}

func main() { doings[os.Args[1]](os.Args[2:]) }

func fibonacci(n int) int {
	if n < 2 {
		return n
	}
	return fibonacci(n-1) + fibonacci(n-2)
}

// echo prints each line it reads with what depends on clocks, randomness, the order of maps and goroutines.
func echo(arguments []string) {
	begun := time.Now()
	var lock sync.Mutex
	say := func(format string, arguments ...any) {
		lock.Lock()
		defer lock.Unlock()
		fmt.Printf("%s: "+format+"\n", append([]any{time.Since(begun).Round(time.Millisecond)}, arguments...)...)
	}
	fmt.Fprintln(os.Stderr, "begun at", begun.UTC().Format(time.RFC3339), arguments, os.Getenv("COLOUR"))
	order := ""
	for name := range map[string]bool{"a": true, "b": true, "c": true, "d": true, "e": true, "f": true, "g": true, "h": true, "i": true} {
		order += name
	}
	say("order of a map %s, random %d", order, rand.IntN(1000))
	go func() {
		for range time.Tick(time.Second) {
			say("tick")
		}
	}()
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var workers sync.WaitGroup
		done := make(chan string, 3)
		for worker := range 3 {
			workers.Go(func() {
				time.Sleep(time.Duration(rand.IntN(300)) * time.Millisecond)
				done <- strconv.Itoa(worker)
			})
		}
		workers.Wait()
		say("%s, by worker %s, %s and %s", lines.Text(), <-done, <-done, <-done)
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// journal adds a line to a file for each it reads, syncs it and then says so. It begins with what is there.
func journal([]string) {
	check(os.MkdirAll("/log/of", 0o700))
	old, err := os.ReadFile("/log/of/lines")
	fmt.Printf("found %q %t\n", old, err == nil)
	file, err := os.OpenFile("/log/of/lines", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	check(err)
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		_, err := file.WriteString(lines.Text() + ";")
		check(err)
		check(file.Sync())
		fmt.Println("kept", lines.Text())
	}
}

// settle writes without a sync, or with one that fails.
func settle(arguments []string) {
	old, _ := os.ReadFile("state")
	fmt.Printf("found %q\n", old)
	file, err := os.Create("state")
	check(err)
	_, err = file.WriteString(arguments[0])
	check(err)
	if arguments[1] == "sync" {
		fmt.Println("sync:", file.Sync())
	}
	now, _ := os.ReadFile("state")
	fmt.Printf("now %q\n", now)
	time.Sleep(time.Hour)
}

// save replaces a file for each line, the way that outlives a crash.
func save([]string) {
	old, _ := os.ReadFile("state")
	fmt.Printf("found %q\n", old)
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		file, err := os.Create("state.new")
		check(err)
		_, err = file.WriteString(lines.Text())
		check(err)
		check(file.Sync())
		check(file.Close())
		check(os.Rename("state.new", "state"))
		fmt.Println("kept", lines.Text())
	}
}

// files goes through what can be done with files and prints what comes of it.
func files([]string) {
	say := func(what string, results ...any) { fmt.Println(append([]any{what + ":"}, results...)...) }
	say("make", os.Mkdir("a", 0o700), os.Mkdir("a", 0o700), os.Mkdir("b/c", 0o700), os.MkdirAll("b/c", 0o700))
	say("write", os.WriteFile("a/one", []byte("0123456789"), 0o600), os.WriteFile("none/one", nil, 0o600))
	file, err := os.OpenFile("a/one", os.O_RDWR, 0)
	say("open", err)
	middle := make([]byte, 4)
	n, err := file.ReadAt(middle, 3)
	say("read at 3", n, string(middle[:n]), err)
	n, err = file.WriteAt([]byte("abc"), 2)
	say("write at 2", n, err)
	place, err := file.Seek(-2, io.SeekEnd)
	say("seek", place, err)
	_, err = file.Write([]byte("xyz"))
	say("write at the end", err, file.Truncate(9), file.Sync())
	content, err := os.ReadFile("/a/one")
	say("content", string(content), err)
	_, err = file.WriteAt([]byte("!"), 12)
	content, _ = os.ReadFile("a/one")
	say("a hole", fmt.Sprintf("%q", content), err)
	say("remove what is open", os.Remove("a/one"))
	_, err = os.Stat("a/one")
	information, _ := file.Stat()
	say("gone", os.IsNotExist(err), information.Size(), file.Sync(), file.Close())
	say("move", os.WriteFile("b/c/two", []byte("two"), 0o600), os.Rename("b", "a/b"), os.Rename("a/b/c/two", "two"), os.Rename("no", "yes"))
	say("refused", os.Remove("a"), os.Rename("two", "a"), os.Rename("a", "a/b/x"), os.WriteFile("a", nil, 0o600))
	_, err = os.ReadFile("../outside")
	say("outside", err)
	for _, name := range []string{"/", "a", "a/b", "a/b/c"} {
		say("list "+name, listed(name))
	}
	count, sorted := many()
	say("many", count, sorted)
}

func listed(name string) (names []string) {
	entries, err := os.ReadDir(name)
	check(err)
	for _, entry := range entries {
		mark := ""
		if entry.IsDir() {
			mark = "/"
		}
		names = append(names, entry.Name()+mark)
	}
	return names
}

// many makes more files than one reading of a directory gives.
func many() (int, bool) {
	check(os.Mkdir("many", 0o700))
	for n := range 300 {
		check(os.WriteFile(fmt.Sprintf("many/a file with a long name that is the one with number %03d", n), nil, 0o600))
	}
	names := listed("many")
	return len(names), slices.IsSorted(names)
}
