package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/client"
)

// Image is one that the engine has.
type Image struct {
	Name    string // as it was asked for
	ID      string // "sha256:" and 64 hexadecimal digits
	Size    int64  // in bytes
	Version string // what it holds, for people: its label VersionLabel, "" if it has none
	Labels  map[string]string
}

// Image finds an image by its name. If there is none, the error says how to make it: nothing is ever
// fetched from a registry in the middle of a run.
func (e *Engine) Image(ctx context.Context, name string) (Image, error) {
	found, err := e.client.ImageInspect(ctx, name)
	if errdefs.IsNotFound(err) {
		return Image{}, fmt.Errorf("there is no image %q: %s: %w", name, making(name), errMissing)
	}
	if err != nil {
		return Image{}, fmt.Errorf("looking for the image %q: %w", name, err)
	}
	known := Image{Name: name, ID: found.ID, Size: found.Size}
	if found.Config != nil {
		known.Labels = found.Config.Labels
		known.Version = found.Config.Labels[VersionLabel]
	}
	return known, nil
}

// making says how one gets an image.
func making(name string) string {
	if strings.HasPrefix(name, "cleave") {
		return "make it with \"make images\""
	}
	return "build it, or \"docker pull " + name + "\""
}

// errMissing is that there is no such image.
var errMissing = errors.New("no such image")

// Load makes an image of a program, with nothing else in it, unless the engine has it already. The same
// program and version make the same image, on any machine. It errors if the program cannot run alone.
func (e *Engine) Load(ctx context.Context, program Program) (Image, error) {
	made, err := pressed(program)
	if err != nil {
		return Image{}, err
	}
	found, err := e.Image(ctx, made.name)
	if err == nil && found.Labels[programLabel] == made.labels[programLabel] {
		return found, nil
	}
	if err != nil && !errors.Is(err, errMissing) {
		return Image{}, err
	}
	answer, err := e.client.ImageLoad(ctx, bytes.NewReader(made.archive), client.ImageLoadWithQuiet(true))
	if err != nil {
		return Image{}, fmt.Errorf("loading the image %s: %w", made.name, err)
	}
	err = loaded(answer.Body)
	_ = answer.Body.Close() // only read
	if err != nil {
		return Image{}, fmt.Errorf("loading the image %s: %w", made.name, err)
	}
	return e.Image(ctx, made.name)
}

// loaded reads what the engine says while it loads, and gives its error if there is one among it.
func loaded(messages io.Reader) error {
	decoder := json.NewDecoder(messages)
	for {
		var message struct {
			Error string `json:"error"`
		}
		err := decoder.Decode(&message)
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case message.Error != "":
			return errors.New(message.Error)
		}
	}
}

// RemoveImage removes the image that Load makes of a program. It is no error if there is none. It errors
// if a container uses it.
func (e *Engine) RemoveImage(ctx context.Context, program Program) error {
	made, err := pressed(program)
	if err != nil {
		return err
	}
	if _, err := e.client.ImageRemove(ctx, made.name, image.RemoveOptions{PruneChildren: true}); gone(err) != nil {
		return fmt.Errorf("removing the image %s: %w", made.name, err)
	}
	return nil
}
