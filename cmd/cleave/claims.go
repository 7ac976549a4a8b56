package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cleave/claims"
	"cleave/harness"
	"cleave/reports"
)

// claimsOptions are the flags of claims.
type claimsOptions struct {
	ids                 []string
	seeds, world, store string
	evidence            bool
}

func claimsCommand(s screen) *cobra.Command {
	options := claimsOptions{seeds: "1-25", world: harness.Simulation, store: "store"}
	command := &cobra.Command{
		Use:   "claims",
		Short: "Put the literature's claims on these systems to the test, and leave a page that tells them with their evidence",
		Long: "Put the literature's claims on these systems to the test, in simulation on all cores: each sentence as it is worded, and in a\n" +
			"wording under which it is true. Twenty runs or more decide; one that contradicts refutes.\n" +
			"0 if all ended as they are known to, 1 if not.",
		Example: "  cleave claims\n  cleave claims --claim sync-is-current --evidence\n  cleave claims --world docker --claim minority-cannot-write",
		Args:    cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			return s.claims(command.Context(), options, commandLine(command))
		},
	}
	flags := command.Flags()
	flags.StringSliceVar(&options.ids, "claim", nil, "only these, by name (as the results show them)")
	flags.StringVar(&options.seeds, "seeds", options.seeds, "which seeds every experiment is run with, first and last; in containers, the first")
	flags.StringVar(&options.world, "world", options.world, "where: sim, or docker for one run each on the real systems (see: cleave doctor)")
	flags.BoolVar(&options.evidence, "evidence", options.evidence, "print every number with its spread; the page has them always")
	flags.StringVar(&options.store, "store", options.store, "where the page goes")
	return command
}

func (s screen) claims(ctx context.Context, options claimsOptions, line string) error {
	chosen, err := claims.Find(options.ids)
	if err != nil {
		return bad(fmt.Errorf("--claim: %w", err))
	}
	first, last, err := seedRange(options.seeds)
	if err != nil {
		return bad(err)
	}
	seeds := claims.Seeds{First: first, Last: last}
	if last-first >= 10_000 {
		return bad(fmt.Errorf("--seeds: %s; there may be 10000 at most", options.seeds))
	}
	switch options.world {
	case harness.Simulation:
	case inContainers:
		return s.claimsInContainers(ctx, options, chosen, first, line)
	default:
		return bad(fmt.Errorf("--world: unknown world %.60q; there are: %s, %s", options.world, harness.Simulation, inContainers))
	}
	began := time.Now()
	results, err := claims.Simulate(ctx, wiring, chosen, seeds, s.counted())
	if err != nil {
		return broken(err)
	}
	page := claims.Page(results, seeds, version(), line)
	path := newPath(options.store, "claims", first)
	if err := writeClaims(path, page); err != nil {
		return broken(err)
	}
	latest(options.store, path)
	if err := reports.TerminalClaims(s.out, page, options.evidence, s.color()); err != nil {
		return broken(err)
	}
	runs := len(claims.Experiments(chosen)) * seeds.Count()
	fmt.Fprintf(s.out, "%d runs in %.1f s · %s\n", runs, time.Since(began).Seconds(), filepath.Join(path, claimsPage))
	if slices.ContainsFunc(results, func(r claims.Result) bool { return !r.AsExpected() }) {
		return exit{code: exitInvalid}
	}
	return nil
}

// The files that claims leaves.
const (
	claimsPage  = "claims.html"
	claimsTable = "claims.md"
)

func writeClaims(path string, page reports.Claims) error {
	var html, markdown bytes.Buffer
	if err := errors.Join(reports.WriteClaims(&html, page), reports.MarkdownClaims(&markdown, page), os.MkdirAll(path, 0o755)); err != nil {
		return err
	}
	return errors.Join(os.WriteFile(filepath.Join(path, claimsPage), html.Bytes(), 0o644),
		os.WriteFile(filepath.Join(path, claimsTable), markdown.Bytes(), 0o644))
}

// counted shows how many runs have ended: on a terminal, one line drawn again and again.
func (s screen) counted() func(ended, of int) {
	return func(ended, of int) {
		switch {
		case !terminal(s.err):
			if ended%100 == 0 {
				fmt.Fprintf(s.err, "%d of %d runs\n", ended, of)
			}
		case ended == of:
			fmt.Fprint(s.err, "\r\x1b[K")
		case ended%5 == 0:
			fmt.Fprintf(s.err, "\r%d of %d runs %s", ended, of, strings.Repeat("▪", 30*ended/of))
		}
	}
}
