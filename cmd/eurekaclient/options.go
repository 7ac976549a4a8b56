package eurekaclient

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"cleave/internal/eurekahttp"
	"cleave/systems/apregistry"
	"cleave/world/host"
)

// Server is a Eureka server.
type Server struct {
	URL  string // where its REST interface begins, such as "http://10.0.0.2:8761/eureka" or ".../eureka/v2"
	Zone string // where it runs, "" if that does not matter
}

// Options say whom a client asks, and when. Only Servers must be given.
type Options struct {
	Servers []Server
	Zone    string // the client's own: servers there are asked first
	// CacheDir is a folder for the file of the cache, so that a client that starts while no server answers
	// begins with what an earlier one was told last. No two clients share it. "" keeps no file.
	CacheDir string
	// Tune may change intervals and limits, which are those of Eureka's Java client; nil does not.
	Tune func(*apregistry.ClientOptions)
	// Listed hears of every list that a server or the file gave, on the client's goroutine, which it must not
	// keep; nil does not.
	Listed func(apregistry.Listing)
	// Log takes lines of text; nil keeps none.
	Log io.Writer
}

// errOptions is wrapped by what is wrong with options.
var errOptions = errors.New("eurekaclient: options")

// machine gives the options of the state machine, with a name for each server, and those names' URLs.
func (o *Options) machine() (apregistry.ClientOptions, map[string]string, error) {
	bases := map[string]string{}
	var servers []apregistry.Address
	for i, server := range o.Servers {
		if server.URL == "" {
			return apregistry.ClientOptions{}, nil, fmt.Errorf("%w: server %d has no URL", errOptions, i+1)
		}
		name := fmt.Sprintf("server%d", i+1)
		bases[name] = strings.TrimSuffix(server.URL, "/")
		servers = append(servers, apregistry.Address{Name: name, Zone: server.Zone})
	}
	if len(servers) == 0 {
		return apregistry.ClientOptions{}, nil, fmt.Errorf("%w: there is no server", errOptions)
	}
	machine := apregistry.DefaultClientOptions(servers...)
	machine.Zone, machine.CacheFile, machine.Milliseconds = o.Zone, o.CacheDir != "", true
	if o.Tune != nil {
		o.Tune(&machine)
	}
	if machine.Attempts < 1 || machine.HeartbeatInterval <= 0 || machine.FetchInterval <= 0 || machine.InfoInterval <= 0 || machine.AttemptTimeout <= 0 {
		return apregistry.ClientOptions{}, nil, fmt.Errorf("%w: intervals, attempts and their time must be above 0", errOptions)
	}
	return machine, bases, nil
}

// place is where the state machine runs.
func (o *Options) place(process *apregistry.Client, bases map[string]string, calls <-chan func()) host.Options {
	return host.Options{
		Name: "client", Process: process, DataDir: o.CacheDir, Log: o.Log, Calls: calls,
		HTTP: &host.HTTP{Peers: bases, Exchange: eurekahttp.Exchange},
	}
}
