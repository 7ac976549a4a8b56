package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

type options struct {
	binary    string
	instances int
	lasts     time.Duration
	clients   []int
	fetches   int
}

func main() {
	var o options
	flag.StringVar(&o.binary, "binary", "bin/cleave", "the cleave binary")
	flag.IntVar(&o.instances, "instances", 10_000, "instances registered")
	seconds := flag.Int("seconds", 15, "how long the node is watched under heartbeats every 30 s")
	clients := flag.String("clients", "1,16,64", "numbers of connections that send heartbeats as fast as they are answered")
	flag.IntVar(&o.fetches, "fetches", 50, "how often each list is fetched")
	flag.Parse()
	o.lasts = time.Duration(*seconds) * time.Second
	for text := range strings.SplitSeq(*clients, ",") {
		number, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || number < 1 {
			fmt.Fprintf(os.Stderr, "eurekabench: --clients: %q is no number of connections\n", text)
			os.Exit(254)
		}
		o.clients = append(o.clients, number)
	}
	if o.instances < 1 || o.fetches < 1 || *seconds < 1 {
		fmt.Fprintln(os.Stderr, "eurekabench: --instances, --fetches and --seconds are at least 1")
		os.Exit(254)
	}
	if err := measure(o); err != nil {
		fmt.Fprintln(os.Stderr, "eurekabench:", err)
		os.Exit(255)
	}
}

func measure(o options) error {
	s, err := start(o.binary)
	if err != nil {
		return err
	}
	defer s.close()
	fmt.Printf("One node, %d instances, %d cores that the node shares with what measures it.\n\n", o.instances, runtime.NumCPU())
	began, used := time.Now(), s.cpu()
	if err := registerAll(s.address, o.instances); err != nil {
		return err
	}
	fmt.Printf("registered in %s with %s of processor time; the node has %d MB\n", round(time.Since(began)), round(s.cpu()-used), s.memory()>>20)
	if err := idle(s, o); err != nil {
		return err
	}
	if err := lists(s, o); err != nil {
		return err
	}
	fmt.Println("\n| connections | heartbeats/s | median ms | 99 % ms | the node's cores |\n|---|---|---|---|---|")
	for _, clients := range o.clients {
		used, began := s.cpu(), time.Now()
		got, err := heartbeats(s.address, o.instances, clients, 0, 5*time.Second)
		if err != nil {
			return err
		}
		cores := float64(s.cpu()-used) / float64(time.Since(began))
		fmt.Printf("| %d | %.0f | %.2f | %.2f | %.2f |\n", clients, got.rate, got.median, got.late, cores)
	}
	fmt.Printf("\nat the end the node has %d MB\n", s.memory()>>20)
	return nil
}

// idle watches the node while every instance sends a heartbeat each 30 s.
func idle(s *server, o options) error {
	used, began := s.cpu(), time.Now()
	got, err := heartbeats(s.address, o.instances, 16, float64(o.instances)/30, o.lasts)
	if err != nil {
		return err
	}
	spent := time.Since(began)
	fmt.Printf("heartbeats every 30 s: %.0f a second, %.1f %% of one core, %d MB; answered in %.2f ms (median), %.2f ms (99 %%)\n",
		got.rate, 100*float64(s.cpu()-used)/float64(spent), s.memory()>>20, got.median, got.late)
	return nil
}

func round(d time.Duration) time.Duration { return d.Round(time.Millisecond) }
