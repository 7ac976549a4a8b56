package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"cleave/internal/ensemble"
)

func main() {
	options := options{}
	clients := flag.String("clients", "1,10,100", "numbers of clients, each with one request under way")
	flag.StringVar(&options.binary, "binary", "bin/cleave", "the cleave binary")
	flag.IntVar(&options.size, "size", 3, "servers in each ensemble")
	seconds := flag.Int("seconds", 5, "how long each measurement takes")
	flag.IntVar(&options.rounds, "rounds", 2, "measurements of each kind; the better one counts")
	flag.StringVar(&options.folder, "folder", "", "where the servers keep their data; default: a temporary folder")
	flag.Parse()
	options.lasts = time.Duration(*seconds) * time.Second
	for text := range strings.SplitSeq(*clients, ",") {
		number, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || number < 1 {
			fmt.Fprintf(os.Stderr, "zkbench: --clients: %q is no number of clients\n", text)
			os.Exit(254)
		}
		options.clients = append(options.clients, number)
	}
	if err := measure(options); err != nil {
		fmt.Fprintln(os.Stderr, "zkbench:", err)
		os.Exit(255)
	}
}

type options struct {
	binary  string
	size    int
	clients []int
	lasts   time.Duration
	rounds  int
	folder  string
}

// contender is one of the two ensembles, up and with its tree prepared.
type contender struct {
	name     string
	ensemble *ensemble.Ensemble
}

func measure(o options) error {
	if o.folder == "" {
		folder, err := os.MkdirTemp("", "zkbench")
		if err != nil {
			return err
		}
		defer os.RemoveAll(folder)
		o.folder = folder
	}
	kinds := []ensemble.Kind{ensemble.Cleave}
	if ensemble.Installed() {
		kinds = append(kinds, ensemble.ZooKeeper)
	} else {
		fmt.Fprintln(os.Stderr, "zkbench: Debian's package zookeeper is not installed: measuring cpstore alone")
	}
	var contenders []contender
	for _, kind := range kinds {
		c, err := start(o, kind)
		if err != nil {
			return err
		}
		defer c.ensemble.Close()
		contenders = append(contenders, c)
	}
	fmt.Printf("%d servers each, %d cores, 1 kB of data, %d s a measurement, the best of %d, "+
		"clients spread over all servers, each with one request under way.\n\n",
		o.size, runtime.NumCPU(), int(o.lasts.Seconds()), o.rounds)
	fmt.Println("| request | clients | cpstore /s | median ms | 99 % ms | ZooKeeper /s | median ms | 99 % ms | ratio |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|")
	for _, what := range []load{loadSet, loadGet, loadCreate} {
		for _, clients := range o.clients {
			if err := row(o, contenders, what, clients); err != nil {
				return err
			}
		}
	}
	return nil
}

func start(o options, kind ensemble.Kind) (contender, error) {
	folder, err := os.MkdirTemp(o.folder, string(kind))
	if err != nil {
		return contender{}, err
	}
	// Both keep their logs and snapshots as they would in production.
	e, err := ensemble.Start(ensemble.Options{Kind: kind, Size: o.size, Binary: o.binary, Folder: folder, Tick: 2 * time.Second})
	if err != nil {
		return contender{}, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := e.Await(ctx); err != nil {
		e.Close()
		return contender{}, err
	}
	return contender{name: string(kind), ensemble: e}, nil
}

// row measures one request at one number of clients, the ensembles in turn.
func row(o options, contenders []contender, what load, clients int) error {
	best := make([]figures, len(contenders))
	for range o.rounds {
		for i, c := range contenders {
			got, err := drive(c.ensemble.Addresses(), what, clients, o.lasts)
			if err != nil && i == 0 {
				return fmt.Errorf("%s, %s with %d clients: %w", c.name, what, clients, err)
			}
			if err != nil { // its other rounds may do better; without any, its columns stay empty
				fmt.Fprintf(os.Stderr, "zkbench: %s, %s with %d clients: %v\n", c.name, what, clients, err)
			}
			if got.rate > best[i].rate {
				best[i] = got
			}
		}
	}
	line := fmt.Sprintf("| %s | %d | %.0f | %.2f | %.2f |", what, clients, best[0].rate, best[0].median, best[0].late)
	if len(best) > 1 && best[1].rate > 0 {
		line += fmt.Sprintf(" %.0f | %.2f | %.2f | %.2f |", best[1].rate, best[1].median, best[1].late, best[0].rate/best[1].rate)
	} else {
		line += " | | | |"
	}
	fmt.Println(line)
	return nil
}
