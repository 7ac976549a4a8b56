// Probe is what the containers of the tests run. Its first argument says what it is to do.
package main

import (
	"fmt"
	"os"
	"time"
)

func main() {
	if len(os.Args) < 2 {
		hold()
	}
	switch os.Args[1] {
	case "hold":
		hold()
	case "print": // the content of a file
		content, err := os.ReadFile(os.Args[2])
		check(err)
		_, err = os.Stdout.Write(content)
		check(err)
	case "die":
		for i := range 30 {
			fmt.Println("line", i)
		}
		time.Sleep(20 * time.Millisecond) // the engine reads the two streams one beside the other
		fmt.Fprintln(os.Stderr, "no configuration")
		os.Exit(3)
	case "tick": // adds to a file for ever
		file, err := os.OpenFile(os.Args[2], os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
		check(err)
		for {
			_, err := file.WriteString(".")
			check(err)
			time.Sleep(time.Millisecond)
		}
	case "write": // eight blocks to a file
		check(os.WriteFile(os.Args[2], make([]byte, 32768), 0o600))
		fmt.Println("written")
	case "save": // one file with a sync and one without
		file, err := os.Create("/data/kept")
		check(err)
		_, err = file.WriteString("kept")
		check(err)
		check(file.Sync())
		folder, err := os.Open("/data")
		check(err)
		check(folder.Sync())
		check(os.WriteFile("/data/lost", []byte("lost"), 0o600))
		fmt.Println("saved")
		hold()
	case "list":
		entries, err := os.ReadDir(os.Args[2])
		check(err)
		for _, entry := range entries {
			fmt.Println(entry.Name())
		}
	}
}

func hold() {
	for {
		time.Sleep(time.Hour)
	}
}

func check(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
