package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"cleave/checker"
	"cleave/harness"
	"cleave/reports"
)

// ci is what a machine for continuous integration is told of what a command has run: JUnit's XML where a flag says, a page
// for the job and annotations where the environment says that it is GitHub's or GitLab's.
type ci struct {
	junit  string // a file
	store  string
	suites []reports.Suite
	page   bytes.Buffer // Markdown
	whole  string       // where all of it is
	wanted bool
}

// mostSuites is how many runs are told of one by one.
const mostSuites = 5000

func (c *ci) flags(flags *pflag.FlagSet) {
	flags.StringVar(&c.junit, "junit", "", "also write the promises and what became of them into this file, as JUnit's XML")
}

// begin has what follows told, and says now if it could not be. store is where GitLab's annotations go.
func (c *ci) begin(store string) error {
	c.wanted, c.store = true, store
	if c.junit == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(c.junit), 0o755); err != nil {
		return fmt.Errorf("--junit: %w", err)
	}
	if info, err := os.Stat(c.junit); err == nil && info.IsDir() {
		return fmt.Errorf("--junit: %s is a folder", c.junit)
	}
	return nil
}

// run takes in a run. Its folder stays on the machine that ran it, so what is told is how to run it anew from its seed, if that can be.
func (c *ci) run(finished harness.Finished) error {
	if !c.wanted {
		return nil
	}
	run := finished.Report()
	if run.Command != "" {
		run.Replay = run.Command
	}
	return c.add([]reports.Suite{reports.RunSuite(run)}, run.Folder, func(out io.Writer) error { return reports.MarkdownRun(out, run) })
}

// comparison takes in a comparison, which is in a folder.
func (c *ci) comparison(comparison reports.Comparison, folder string) error {
	if !c.wanted {
		return nil
	}
	return c.add(reports.ComparisonSuites(comparison), filepath.Join(folder, "index.md"), func(out io.Writer) error {
		return reports.MarkdownComparison(out, comparison)
	})
}

// sweep takes in a sweep, whose folder has its page.
func (c *ci) sweep(sweep reports.Sweep) error {
	if !c.wanted {
		return nil
	}
	whole := filepath.Join(sweep.Folder, "sweep.md")
	return c.add([]reports.Suite{reports.SweepSuite(sweep)}, whole, func(out io.Writer) error {
		text, err := os.ReadFile(whole)
		if err == nil {
			_, err = out.Write(text)
		}
		return err
	})
}

func (c *ci) add(suites []reports.Suite, whole string, page func(io.Writer) error) error {
	c.suites = append(c.suites, suites[:min(len(suites), mostSuites-len(c.suites))]...)
	c.whole = whole
	if os.Getenv(summaryFile) == "" || c.page.Len() > reports.JobPage {
		return nil
	}
	return page(&c.page)
}

// The variables by which GitHub and GitLab are known, and say what they take.
const (
	onGitHub    = "GITHUB_ACTIONS"
	summaryFile = "GITHUB_STEP_SUMMARY"
	onGitLab    = "GITLAB_CI"
	jobAddress  = "CI_JOB_URL"
	projectRoot = "CI_PROJECT_DIR"
)

// publish tells all that was taken in.
func (c *ci) publish(s screen) error {
	if len(c.suites) == 0 {
		return nil
	}
	var errs []error
	if c.junit != "" {
		errs = append(errs, c.writeJUnit())
	}
	if file := os.Getenv(summaryFile); file != "" {
		errs = append(errs, c.appendPage(file))
	}
	annotations := reports.Annotations(c.suites)
	if os.Getenv(onGitHub) == "true" {
		for _, annotation := range annotations {
			fmt.Fprintln(s.err, annotation.GitHub())
		}
	}
	if os.Getenv(onGitLab) == "true" {
		errs = append(errs, c.writeAnnotations(annotations))
	}
	return errors.Join(errs...)
}

func (c *ci) writeJUnit() error {
	var text bytes.Buffer
	err := reports.WriteJUnit(&text, time.Now(), c.suites)
	if err == nil {
		err = os.WriteFile(c.junit, text.Bytes(), 0o644)
	}
	if err != nil {
		return fmt.Errorf("--junit: %w", err)
	}
	return nil
}

// appendPage adds to the page of the job, which takes so much and no more, and may have something on it already.
func (c *ci) appendPage(file string) error {
	there := 0
	if info, err := os.Stat(file); err == nil {
		there = int(info.Size())
	}
	const besides = 1 << 10 // for whoever adds a line after us
	text := reports.Bounded(c.page.String(), reports.JobPage-there-besides, c.whole)
	page, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("%s: %w", summaryFile, err)
	}
	_, err = io.WriteString(page, text)
	if err = errors.Join(err, page.Close()); err != nil {
		return fmt.Errorf("%s: %w", summaryFile, err)
	}
	return nil
}

// annotationsFile is GitLab's report, in the store, for artifacts:reports:annotations.
const annotationsFile = "annotations.json"

// writeAnnotations leaves GitLab's report, whose links lead to what the job keeps.
func (c *ci) writeAnnotations(annotations []reports.Annotation) error {
	address := os.Getenv(jobAddress) + "/artifacts/browse"
	if folder, err := filepath.Abs(c.store); err == nil {
		if inside, err := filepath.Rel(os.Getenv(projectRoot), folder); err == nil && !strings.HasPrefix(inside, "..") {
			address += "/" + path.Clean(filepath.ToSlash(inside))
		}
	}
	text, err := reports.GitLabAnnotations(annotations, address)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.store, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(c.store, annotationsFile), append(text, '\n'), 0o644)
}

// seeds takes in how many of many seeds kept every promise; the others are told of one by one.
func (c *ci) seeds(plan harness.Plan, first, last uint64, valid int) error {
	if !c.wanted {
		return nil
	}
	all := reports.Case{Class: plan.System + "." + plan.Workload + "." + plan.Faults, Verdict: checker.Valid,
		Name: fmt.Sprintf("every promise was kept with %d of the seeds %d-%d", valid, first, last)}
	return c.add([]reports.Suite{{Name: "seeds", Cases: []reports.Case{all}}}, c.store, func(out io.Writer) error {
		_, err := fmt.Fprintf(out, "%s.\n\n", all.Name)
		return err
	})
}
