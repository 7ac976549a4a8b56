package main

import (
	"errors"
	"os"

	"cleave/systems/cachedcp"
	"cleave/systems/cpstore"
	"cleave/world"
	"cleave/world/host"
)

// hybrid is the CP store with these options, behind caches.
func hybrid(store cpstore.Options) world.System {
	options := cachedcp.DefaultOptions()
	options.Store = store
	system := cachedcp.System(options)
	system.Deployment = deployCached(options)
	return system
}

// deployCached is how the store behind caches runs in containers: the store's nodes, and clients that each have a folder.
// Nobody can call a client there, so none is asked whether it is there.
func deployCached(options cachedcp.Options) *world.Deployment {
	options.Check = 0
	system, deployment := cachedcp.System(options), deployStore(options.Store)
	node := deployment.Node
	deployment.Node = func(name string, places world.Places) world.Container {
		places.Bug = "" // which is the cache's
		return node(name, places)
	}
	deployment.User = func(name, place string, places world.Places, edge world.Edge) (world.User, error) {
		folder, err := os.MkdirTemp("", "cleave-cache-")
		if err != nil {
			return nil, err
		}
		wired := wireOptions(name, system.Client(name, place, places.Cluster), places, storePort, edge)
		wired.DataDir = folder
		user, err := host.NewUser(wired)
		if err != nil {
			return nil, errors.Join(err, os.RemoveAll(folder))
		}
		return &settled{user, folder}, nil
	}
	return deployment
}

// settled is a user that has a folder for as long as it is there.
type settled struct {
	world.User
	folder string
}

// Close ends the user and takes its folder away.
func (s *settled) Close() error { return errors.Join(s.User.Close(), os.RemoveAll(s.folder)) }
