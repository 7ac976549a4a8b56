package harness

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"cleave/history"
	"cleave/reports"
)

// losses counts, while a run lasts, how often something was lost on each link.
type losses map[history.Link][][2]int

func (l losses) count(from, to string, at history.Time) {
	link, column := history.Link{From: from, To: to}, int(at/reports.LossColumn)
	if last := len(l[link]) - 1; last >= 0 && l[link][last][0] == column {
		l[link][last][1]++
		return
	}
	l[link] = append(l[link], [2]int{column, 1})
}

// all are the links that lost anything, by name.
func (l losses) all() []reports.Loss {
	var all []reports.Loss
	for link, columns := range l {
		all = append(all, reports.Loss{From: link.From, To: link.To, Lost: columns})
	}
	slices.SortFunc(all, func(a, b reports.Loss) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return all
}

// writeLosses writes a link a line.
func (f *folder) writeLosses(losses []reports.Loss) error {
	text, err := appendLines([]byte("["), losses)
	if err != nil {
		return fmt.Errorf("%s: %w", lossesFile, err)
	}
	return f.writeWhole(lossesFile, append(text, "]\n"...))
}

// logs are the ends of the logs of processes, for the report; one that wrote nothing has none.
func (f *folder) logs(processes []string) ([]reports.Log, error) {
	var logs []reports.Log
	for _, process := range processes {
		file, err := os.Open(f.at(logFile(process)))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return nil, err
		}
		log, err := reports.ReadLog(process, file)
		if err = errors.Join(err, file.Close()); err != nil {
			return nil, fmt.Errorf("the log of %s: %w", process, err)
		}
		logs = append(logs, log)
	}
	return logs, nil
}

// clients are the names of a run's clients.
func clients(run history.Run) []string {
	var names []string
	for _, place := range run.Clients {
		names = append(names, place.Client)
	}
	return names
}
