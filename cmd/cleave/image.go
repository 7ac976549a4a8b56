package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cleave/harness"
	"cleave/history"
	"cleave/nemesis"
	"cleave/systems/eureka"
	"cleave/systems/image"
	"cleave/workloads"
	"cleave/world"
)

// imageSetup is what a plan says of a container image that it brings along: its Custom.Setup.
type imageSetup struct {
	File   image.File `json:"file"`   // all that the file said
	Folder string     `json:"folder"` // where it was, for a program that is named from there
}

// bringImage makes a file's system that of a plan.
func bringImage(plan *harness.Plan, path string, command *cobra.Command) error {
	switch {
	case command.Name() == "sweep":
		return errNoSimulation
	case command.Flags().Changed("system"):
		return errors.New("--image: the image is the system; leave out --system")
	case !command.Flags().Changed("world"):
		plan.World = inContainers
	}
	var err error
	plan.System, plan.Custom, err = customImage(path, againOf(command))
	return err
}

// customImage is a file's system, and its name.
func customImage(path, again string) (name string, custom *harness.Custom, err error) {
	file, err := image.Load(path)
	if err != nil {
		return "", nil, err
	}
	folder, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return "", nil, err
	}
	setup, err := json.Marshal(imageSetup{file, folder})
	if err != nil {
		return "", nil, err
	}
	custom = &harness.Custom{
		Door: harness.ImageDoor, Summary: file.Summary, Guarantee: workloads.Guarantee(file.Guarantee), Majority: file.Quorum == "majority",
		OnDemand: true, Leaderless: file.Leader == nil || file.Leader.Term == nil,
		Grace: nemesis.Duration(file.Times.Grace), Boot: nemesis.Duration(file.Times.Boot), Recovery: nemesis.Duration(file.Times.Recovery),
		Ghost: nemesis.Duration(file.Times.Ghost), Notice: nemesis.Duration(file.Times.Notice),
		Workloads: file.Workloads, Setup: setup, Again: again,
	}
	if file.Homebound() {
		custom.Grace = 0 // that somebody is served whose own node does not serve is not promised
	}
	return file.Name, custom, nil
}

// imagesBeside adds the systems of files to a comparison, which is of these alone unless others are named.
func imagesBeside(c *harness.Comparison, files []string, command *cobra.Command) error {
	if len(files) == 0 {
		return nil
	}
	if !command.Flags().Changed("systems") {
		c.Systems = nil
	}
	if !command.Flags().Changed("worlds") && !command.Flags().Changed("world") {
		c.Base.World = inContainers
	}
	c.Brought = map[string]*harness.Custom{}
	for _, file := range files {
		name, custom, err := customImage(file, againBeside(command, file))
		if err != nil {
			return err
		}
		c.Systems = append(c.Systems, name)
		c.Brought[name] = custom
	}
	return nil
}

// againBeside is the line that makes one run of a comparison anew, that of a file.
func againBeside(command *cobra.Command, file string) string {
	words := []string{"cleave run --image", quoted(file), "--workload {workload} --faults {faults}"}
	command.Flags().Visit(func(flag *pflag.Flag) {
		alone := []string{"image", "systems", "workloads", "faults", "world", "worlds", "parallel", "against", "margin-points", "margin-factor"}
		if !slices.Contains(alone, flag.Name) && !slices.Contains(notAgain, flag.Name) {
			words = append(words, "--"+flag.Name+"="+quoted(flag.Value.String()))
		}
	})
	return strings.Join(append(words, "--seed {seed}"), " ")
}

// setupOfImage reads what a plan says of its image.
func setupOfImage(plan harness.Plan) (file image.File, folder string, err error) {
	var setup struct {
		File   json.RawMessage `json:"file"`
		Folder string          `json:"folder"`
	}
	decoder := json.NewDecoder(bytes.NewReader(plan.Custom.Setup))
	decoder.DisallowUnknownFields()
	if err = decoder.Decode(&setup); err == nil {
		file, err = image.Parse(setup.File)
	}
	if err != nil {
		return file, "", fmt.Errorf("custom.setup: %w", err)
	}
	return file, setup.Folder, nil
}

// imageSystem gives a system nodes in containers, unless what the plan says of them cannot be read here: it can be
// judged all the same.
func imageSystem(plan harness.Plan, system world.System) world.System {
	if file, folder, err := setupOfImage(plan); err == nil {
		system.Deployment = file.Deployment(folder, eurekaClients)
	}
	return system
}

// ableImage tells why the image that a plan brings along cannot be put to its workload.
func ableImage(plan harness.Plan, system world.System) error {
	file, folder, err := setupOfImage(plan)
	if err != nil {
		return err
	}
	if err := file.Renders(plan.Nodes); err != nil {
		return fmt.Errorf("%s with %d nodes: %w", system.Name, plan.Nodes, err)
	}
	if _, err := file.Found(folder); err != nil {
		return fmt.Errorf("%s: %w", system.Name, err)
	}
	workload, err := workloads.Find(plan.Workload)
	if err != nil {
		return err
	}
	if lacking := file.Lacks(functionsOf(plan, workload)); len(lacking) > 0 {
		names := make([]string, len(lacking))
		for i, function := range lacking {
			names[i] = string(function)
		}
		return fmt.Errorf("%s: the workload %s asks for %s, which client does not say how to ask", system.Name, workload.Name, strings.Join(names, ", "))
	}
	return nil
}

// functionsOf are what a workload asks of a plan's system.
func functionsOf(plan harness.Plan, workload workloads.Workload) (all []history.Function) {
	plan.Faults = "none"
	schedule, err := harness.Wiring{}.Generate(plan, plan.Custom.System(plan.System))
	if err != nil {
		return nil // it is told elsewhere
	}
	for _, operation := range schedule.Operations {
		all = append(all, operation.Function)
	}
	return all
}

// eurekaClients are those of the AP registry, which keep Eureka's rules, at a port and path of each node.
func eurekaClients(port int, path string, scale int) func(name, host string, places world.Places, edge world.Edge) (world.User, error) {
	return eurekaUsers(eureka.SpringCloud, scale, func(places world.Places, node string) string {
		return "http://" + at(places, node, port) + path
	})
}

// errNoSimulation is that images run in real time alone.
var errNoSimulation = errors.New("--image: containers run in real time, one run after the other, and sweep needs simulation; " +
	"for several seeds: cleave run --image FILE --seeds 1-5")
