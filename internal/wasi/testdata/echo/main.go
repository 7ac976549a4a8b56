// Echo prints each line it reads, with what time it is, and a line each second.
package main

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"sort"
	"sync"
	"time"
)

func main() {
	begun := time.Now()
	var lock sync.Mutex
	say := func(format string, arguments ...any) {
		lock.Lock()
		defer lock.Unlock()
		fmt.Printf("%s: "+format+"\n", append([]any{time.Since(begun).Round(time.Millisecond)}, arguments...)...)
	}
	fmt.Fprintln(os.Stderr, "begun at", begun.UTC().Format(time.RFC3339), os.Args, os.Getenv("COLOUR"))
	go func() {
		for range time.Tick(time.Second) {
			say("tick")
		}
	}()
	set := map[string]bool{"a": true, "b": true, "c": true, "d": true, "e": true, "f": true}
	order := ""
	for name := range set {
		order += name
	}
	say("map order %s, random %d", order, rand.IntN(1000))
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		line := lines.Text()
		var group sync.WaitGroup
		var got []string
		for worker := range 3 {
			group.Go(func() {
				time.Sleep(time.Duration(rand.IntN(300)) * time.Millisecond)
				lock.Lock()
				defer lock.Unlock()
				got = append(got, fmt.Sprint(worker))
			})
		}
		group.Wait()
		first := got[0]
		sort.Strings(got)
		say("%s, first %s of %v", line, first, got)
	}
}
