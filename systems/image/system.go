package image

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"time"

	"cleave/world"
)

// EurekaUser makes clients that speak Eureka's REST interface to a port of each node, at a path, with their times
// divided by a scale.
type EurekaUser func(port int, path string, scale int) func(name, host string, places world.Places, edge world.Edge) (world.User, error)

// Deployment is how the system of a file that Parse has given runs in containers, of as many nodes as it Renders. Eureka makes its clients if they
// are of that kind; a program among the clients is looked for from the file's folder.
func (f File) Deployment(folder string, eureka EurekaUser) *world.Deployment {
	return &world.Deployment{
		Image: f.Image, Version: f.Version, Boot: time.Duration(f.Times.Boot), Memory: int64(f.Node.Memory),
		Node: func(name string, places world.Places) world.Container {
			made, err := f.container(name, places)
			if err != nil {
				panic("image: a template fails that Renders should have tried: " + err.Error())
			}
			return made
		},
		User:    f.users(folder, eureka),
		Monitor: f.monitor,
	}
}

// users makes clients of the kind that the file says.
func (f File) users(folder string, eureka EurekaUser) func(name, host string, places world.Places, edge world.Edge) (world.User, error) {
	switch {
	case f.Client.Eureka != nil:
		return eureka(f.Node.Port, f.Client.Eureka.Path, f.Client.Eureka.Scale)
	case f.Client.ZooKeeper != nil:
		return f.zookeeperUser
	}
	return func(name, host string, places world.Places, edge world.Edge) (world.User, error) {
		a, err := f.speaker(folder, name, host, places, edge)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		return newUser(f.Client, f.Node.Port, name, host, places, edge, a), nil
	}
}

// speaker is what puts one operation to one node.
func (f File) speaker(folder, name, host string, places world.Places, edge world.Edge) (speaker, error) {
	switch {
	case f.Client.HTTP != nil:
		calls, err := f.Client.HTTP.compile()
		return &httpSpeaker{client: name, calls: calls, dial: edge.Dial, connect: time.Duration(f.Client.Connect)}, err
	case f.Client.Maelstrom != nil:
		return &maelstromSpeaker{client: name, dial: edge.Dial, connect: time.Duration(f.Client.Connect)}, nil
	}
	return f.newProgram(folder, name, host, places, edge)
}

// container is how a node starts.
func (f File) container(name string, places world.Places) (world.Container, error) {
	data := dataOf(name, places, f.Node.Port)
	var c world.Container
	var err error
	if c.Entrypoint, err = texts("node.entrypoint", f.Node.Entrypoint, data); err != nil {
		return c, err
	}
	if c.Command, err = texts("node.command", f.Node.Command, data); err != nil {
		return c, err
	}
	if c.Environment, err = variables("node.environment", f.Node.Environment, data); err != nil {
		return c, err
	}
	for i, file := range f.Node.Files {
		content, err := text(fmt.Sprintf("node.files.%d.content", i), file.Content, data)
		if err != nil {
			return c, err
		}
		c.Files = append(c.Files, world.File{Path: path.Clean(file.Path), Content: []byte(content)})
	}
	c.User, c.Data = f.Node.User, cmp.Or(f.Node.Data, world.DataFolder)
	return c, nil
}

// text makes one template's text; where it is in the file is for errors.
func text(where, template string, data nodeData) (string, error) {
	parsed, err := parseWords(template)
	made := ""
	if err == nil {
		made, err = makeText(parsed, data)
	}
	if err != nil {
		return "", wrong{where, err}
	}
	return made, nil
}

func texts(where string, templates []string, data nodeData) (all []string, err error) {
	for i, each := range templates {
		made, err := text(fmt.Sprintf("%s.%d", where, i), each, data)
		if err != nil {
			return nil, err
		}
		all = append(all, made)
	}
	return all, nil
}

// variables are "NAME=value", by name.
func variables(where string, templates map[string]string, data nodeData) (all []string, err error) {
	for _, name := range slices.Sorted(maps.Keys(templates)) {
		made, err := text(where+"."+name, templates[name], data)
		if err != nil {
			return nil, err
		}
		all = append(all, name+"="+made)
	}
	return all, nil
}
