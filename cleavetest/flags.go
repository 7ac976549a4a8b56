package cleavetest

import (
	"flag"
	"fmt"
	"strconv"
	"strings"
)

// The flags are those of the test binary, registered once, however many tests there are.
var (
	seedFlag     = flag.String("cleave.seed", "", "cleavetest: run this seed alone")
	seedsFlag    = flag.String("cleave.seeds", "", "cleavetest: run these seeds, such as 1-1000")
	scheduleFlag = flag.String("cleave.schedule", "", "cleavetest: run a schedule file, or what a run folder has, once")
	shrinkFlag   = flag.Duration("cleave.shrink", 0, "cleavetest: how long a failure may take to be made small; default: the plan's, which is 3s")
	storeFlag    = flag.String("cleave.store", "", "cleavetest: where the folders of failed runs go; default: the test's artifacts, or a temporary folder")
)

// selection is what the flags ask for.
type selection struct {
	first, last uint64 // seeds
	schedule    string // "" for none
}

// selected reads the flags; usual is how many seeds there are without.
func selected(usual uint64, seed, seeds, schedule string) (selection, error) {
	given := 0
	for _, value := range []string{seed, seeds, schedule} {
		if value != "" {
			given++
		}
	}
	switch {
	case given > 1:
		return selection{}, fmt.Errorf("-cleave.seed, -cleave.seeds and -cleave.schedule: it is one of them")
	case seed != "":
		number, err := number(seed)
		if err != nil {
			return selection{}, fmt.Errorf("-cleave.seed: %w", err)
		}
		return selection{first: number, last: number}, nil
	case seeds != "":
		from, to, many := strings.Cut(seeds, "-")
		if !many {
			to = from
		}
		first, err := number(from)
		last, problem := number(to)
		if err != nil || problem != nil || first > last {
			return selection{}, fmt.Errorf("-cleave.seeds: %.60q; it is a range of seeds, such as 1-1000", seeds)
		}
		return selection{first: first, last: last}, nil
	}
	return selection{first: 1, last: usual, schedule: schedule}, nil
}

// number is a seed, in any notation of Go.
func number(text string) (uint64, error) {
	n, err := strconv.ParseUint(text, 0, 64)
	if err != nil {
		return 0, fmt.Errorf("%.60q is no seed: it is a number from 0 on", text)
	}
	return n, nil
}
