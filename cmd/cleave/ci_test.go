package main

import (
	"bytes"
	"encoding/xml"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"cleave/reports"
)

// outside has the environment of no machine for continuous integration, whichever this test runs on.
func outside(t *testing.T) {
	for _, name := range []string{onGitHub, onGitLab, summaryFile, jobAddress, projectRoot} {
		t.Setenv(name, "")
	}
}

// junitCounts are the tests, failures and errors of a file of JUnit's XML.
func junitCounts(t *testing.T, file string) (tests, failures, errs int) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var read struct {
		Suites []struct {
			Tests    int `xml:"tests,attr"`
			Failures int `xml:"failures,attr"`
			Errors   int `xml:"errors,attr"`
		} `xml:"testsuite"`
	}
	require.NoError(t, xml.Unmarshal(text, &read))
	for _, suite := range read.Suites {
		tests, failures, errs = tests+suite.Tests, failures+suite.Failures, errs+suite.Errors
	}
	return tests, failures, errs
}

// What a broken run tells GitHub and GitLab; and nothing of it where neither is.
func TestABrokenRunIsTold(t *testing.T) {
	outside(t)
	store, file := filepath.Join(t.TempDir(), "store"), filepath.Join(t.TempDir(), "new", "junit.xml")
	summary := filepath.Join(t.TempDir(), "summary.md")
	run := []string{"run", "--store", store, "--faults", "kill-all", "--bug", "zk-4785", "--seed", "1"}
	code, _, errs := cleave(run...)
	require.Equal(t, exitInvalid, code)
	require.NotContains(t, errs, "::error")

	require.NoError(t, os.WriteFile(summary, []byte("there already\n"), 0o644))
	t.Setenv(onGitHub, "true")
	t.Setenv(summaryFile, summary)
	t.Setenv(onGitLab, "true")
	t.Setenv(jobAddress, "https://gitlab.example/jobs/7")
	t.Setenv(projectRoot, filepath.Dir(store))
	code, out, errs := cleave(append(run, "--junit", file)...)
	require.Equal(t, exitInvalid, code)
	require.NotContains(t, out, "::")
	require.Contains(t, errs, "::error title=cpstore%3A writes and quorum-synced reads are linearizable::")
	tests, failures, _ := junitCounts(t, file)
	require.Equal(t, 7, tests)
	require.Positive(t, failures)
	require.Equal(t, failures, strings.Count(errs, "::error"), "each promise once")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(text), `name="seed" value="1"`)
	require.Contains(t, string(text), `name="replay" value="cleave run --system cpstore`)
	page, err := os.ReadFile(summary)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(page), "there already\n# ✗ INVALID"))
	links, err := os.ReadFile(filepath.Join(store, annotationsFile))
	require.NoError(t, err)
	require.Contains(t, string(links), "https://gitlab.example/jobs/7/artifacts/browse/store")
}

// A page that is nearly full takes only so much more.
func TestTheJobsPageIsBounded(t *testing.T) {
	outside(t)
	summary := filepath.Join(t.TempDir(), "summary.md")
	require.NoError(t, os.WriteFile(summary, bytes.Repeat([]byte("x"), reports.JobPage-2000), 0o644))
	t.Setenv(summaryFile, summary)
	c := &ci{whole: "store/index.md", suites: []reports.Suite{{}}}
	c.page.WriteString(strings.Repeat("a line of it\n", 1000))
	require.NoError(t, c.publish(screen{}))
	page, err := os.ReadFile(summary)
	require.NoError(t, err)
	require.Less(t, len(page), reports.JobPage)
	require.Contains(t, string(page[reports.JobPage-2000:]), "is left out here; store/index.md has all of it")
}

// Shards and what they are merged to are told, and so are seeds of one plan.
func TestASweepIsTold(t *testing.T) {
	outside(t)
	store, file := filepath.Join(t.TempDir(), "store"), filepath.Join(t.TempDir(), "junit.xml")
	short := []string{"--duration", "20s", "--warmup", "4s", "--quiet", "6s", "--clients", "4", "--nodes", "3",
		"--faults", "kill-all", "--store", store, "--junit", file}
	for _, shard := range []string{"1/2", "2/2"} {
		code, _, errs := cleave(append([]string{"sweep", "--seeds", "1-4", "--collect", "--shard", shard}, short...)...)
		require.Contains(t, []int{exitValid, exitUnknown}, code, errs)
		tests, failures, _ := junitCounts(t, file)
		require.Positive(t, tests)
		require.Zero(t, failures)
	}
	shards, err := filepath.Glob(filepath.Join(store, "sweeps", "*-shard-*", "*"))
	require.NoError(t, err)
	code, _, errs := cleave(append([]string{"merge", "--store", store, "--junit", file}, shards...)...)
	require.Contains(t, []int{exitValid, exitUnknown}, code, errs)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(text), `name="seeds" value="1-4"`)
	_, out, errs := cleave(append([]string{"run", "--seeds", "1-3"}, short...)...)
	require.Contains(t, out, "3 seeds", errs)
	text, err = os.ReadFile(file)
	require.NoError(t, err)
	require.Regexp(t, `every promise was kept with \d of the seeds 1-3`, string(text))
}

// A comparison has a suite for each run; what cannot be written is told before anything runs.
func TestAComparisonIsTold(t *testing.T) {
	outside(t)
	store, file := filepath.Join(t.TempDir(), "store"), filepath.Join(t.TempDir(), "junit.xml")
	code, _, errs := cleave("compare", "--store", store, "--systems", "cpstore,apregistry", "--workloads", "register", "--faults", "pause,kill-all",
		"--duration", "30s", "--quiet", "15s", "--junit", file)
	require.NotEqual(t, exitUsage, code, errs)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, 4, strings.Count(string(text), "<testsuite "))
	code, _, errs = cleave("run", "--junit", store)
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, "--junit")
}

// The workflows of docs/ci are YAML, and every verb and flag of ours in them exists.
func TestWorkflows(t *testing.T) {
	files, err := filepath.Glob("../../docs/ci/*.yml")
	require.NoError(t, err)
	require.Len(t, files, 2)
	call := regexp.MustCompile(`(?:bin/)?cleave ([a-z]+)((?: +[^ ]+)*)`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var workflow map[string]yaml.Node
		require.NoError(t, yaml.Unmarshal(text, &workflow), file)
		verbs := map[string]bool{}
		for _, script := range scalars(workflow) {
			for _, found := range call.FindAllStringSubmatch(strings.ReplaceAll(script, "\\\n", " "), -1) {
				if !strings.Contains(found[0], "bin/") {
					continue // the name of something
				}
				verbs[found[1]] = true
				requireFlags(t, file, found[1], found[2])
			}
		}
		require.Equal(t, map[string]bool{"sweep": true, "merge": true}, verbs, file)
	}
}

// scalars are all texts of a document.
func scalars(document map[string]yaml.Node) (texts []string) {
	var visit func(node *yaml.Node)
	visit = func(node *yaml.Node) {
		if node.Kind == yaml.ScalarNode {
			texts = append(texts, node.Value)
		}
		for _, below := range node.Content {
			visit(below)
		}
	}
	for _, node := range document {
		visit(&node)
	}
	return texts
}

func requireFlags(t *testing.T, file, verb, rest string) {
	t.Helper()
	command, _, err := rootCommand(screen{ci: &ci{}}).Find([]string{verb})
	require.NoError(t, err, file)
	require.Equal(t, verb, command.Name(), file)
	for _, word := range strings.Fields(rest) {
		if name, is := strings.CutPrefix(word, "--"); is {
			name, _, _ = strings.Cut(name, "=")
			require.NotNil(t, command.Flags().Lookup(name), "%s: cleave %s has no flag --%s", file, verb, name)
		}
	}
}
