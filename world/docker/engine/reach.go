package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/docker/docker/api"
	"github.com/docker/docker/api/types/versions"
	"github.com/docker/docker/client"
)

// oldestAPI is that of Docker 19.03.
const oldestAPI = "1.40"

// unreached says in one line why an engine cannot be worked with, and what to do.
func unreached(host string, err error) error {
	text := err.Error()
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("the Docker engine at %s gives no answer: look at its log, or restart it", host)
	case strings.Contains(text, "permission denied"):
		return fmt.Errorf("the Docker engine at %s lets this user not in: run as root, or join the group docker", host)
	case client.IsErrConnectionFailed(err):
		if strings.Contains(text, "TLS") || strings.Contains(text, "certificate") {
			return fmt.Errorf("the Docker engine at %s: %s", host, oneLine(text))
		}
		return fmt.Errorf("no Docker engine answers at %s: start it, or set DOCKER_HOST", host)
	case strings.Contains(text, "is too old"):
		return fmt.Errorf("the Docker engine at %s is too new: it does not speak API %s any more: use a newer Cleave, or Docker %s",
			host, api.DefaultVersion, "28 or 29")
	}
	return fmt.Errorf("the Docker engine at %s: %s", host, oneLine(text))
}

// oldEnough errors if an engine's newest version of the API is too old for us.
func oldEnough(host, version string) error {
	if version != "" && !versions.LessThan(version, oldestAPI) {
		return nil
	}
	if version == "" {
		version = "an unknown version of its API"
	} else {
		version = "API " + version
	}
	return fmt.Errorf("the Docker engine at %s is too old: it speaks %s, and it takes %s, that of Docker 19.03, or newer", host, version, oldestAPI)
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
