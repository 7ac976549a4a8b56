package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"cleave/harness"
	"cleave/systems/image"
	"cleave/world"
)

func imageCommands(s screen) *cobra.Command {
	command := &cobra.Command{
		Use:   "image",
		Short: "Describe a container image to test: the schema of such files, and a check",
		Args:  cobra.NoArgs,
		RunE:  helped,
	}
	command.AddCommand(imageSchema(s), imageCheck(s))
	return command
}

func imageSchema(s screen) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of files for --image, for editors",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			text, err := image.Schema()
			if err == nil {
				_, err = s.out.Write(text)
			}
			return broken(err)
		},
	}
}

func imageCheck(s screen) *cobra.Command {
	nodes := 3
	command := &cobra.Command{
		Use:     "check FILE",
		Short:   "Say whether a file for --image can be read, and what each node's container would be; makes nothing",
		Example: "  cleave image check etcd.yaml --nodes 3",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, arguments []string) error {
			if nodes < 1 || nodes > 99 {
				return bad(fmt.Errorf("nodes: %d; there must be 1 to 99", nodes))
			}
			file, err := image.Load(arguments[0])
			if err == nil {
				err = ableFile(arguments[0], file.Workloads, nodes)
			}
			if err != nil {
				return bad(err)
			}
			s.describe(file, nodes)
			return nil
		},
	}
	command.Flags().IntVar(&nodes, "nodes", nodes, "of how many nodes")
	return command
}

// ableFile tells why a file's system could not be put to one of its workloads, as a run of it would.
func ableFile(path string, workloads []string, nodes int) error {
	plan := harness.DefaultPlan()
	plan.Nodes = nodes
	var err error
	if plan.System, plan.Custom, err = customImage(path, ""); err != nil {
		return err
	}
	for _, plan.Workload = range workloads {
		if err := ableImage(plan, plan.Custom.System(plan.System)); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

// describe shows what a file makes.
func (s screen) describe(file image.File, nodes int) {
	fmt.Fprintf(s.out, "%s: %s\n", file.Name, file.Summary)
	fmt.Fprintf(s.out, "%s; it serves where %s of its nodes reach each other; workloads: %s\n", file.Guarantee,
		map[string]string{"majority": "a majority", "one": "one"}[file.Quorum], strings.Join(file.Workloads, ", "))
	deployment, places := file.Deployment("", eurekaClients), image.SamplePlaces(nodes)
	for _, name := range places.Nodes {
		s.describeContainer(name, places, deployment)
	}
	if samples := file.Samples(); len(samples) > 0 {
		fmt.Fprintf(s.out, "\na client asks\n")
		for _, sample := range samples {
			fmt.Fprintf(s.out, "  %-25s %s\n", sample.What, sample.Request)
		}
	}
}

func (s screen) describeContainer(name string, places world.Places, deployment *world.Deployment) {
	c := deployment.Node(name, places)
	fmt.Fprintf(s.out, "\n%s at %s: %s\n", name, places.Addresses[name], deployment.Image)
	show := func(what string, lines []string) {
		for _, line := range lines {
			fmt.Fprintf(s.out, "  %-12s %s\n", what, line)
			what = ""
		}
	}
	show("entrypoint", c.Entrypoint)
	show("command", c.Command)
	show("user", strings.Fields(c.User))
	show("environment", c.Environment)
	for _, file := range c.Files {
		show("file", append([]string{file.Path}, indented(string(file.Content))...))
	}
	show("disk at", []string{c.Folder()})
}

// indented are the lines of a text, further in.
func indented(text string) []string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i, line := range lines {
		lines[i] = "  " + line
	}
	return lines
}
