package engine

import (
	"archive/tar"
	"bytes"
	"context"
	"fmt"
	"path"
	"strings"

	"cleave/world"

	"github.com/docker/docker/api/types/container"
)

// CopyTo writes files into a container, whether it runs or not. Everybody may read and run them. Folders
// that are missing are made. It errors if a path is not absolute.
func (e *Engine) CopyTo(ctx context.Context, id ID, files []world.File) error {
	if len(files) == 0 {
		return nil
	}
	archive, err := pack(files)
	if err == nil {
		err = e.client.CopyToContainer(ctx, string(id), "/", archive, container.CopyToContainerOptions{})
	}
	if err != nil {
		return fmt.Errorf("writing files to %s: %w", id, err)
	}
	return nil
}

// pack makes an archive of files alone: with the folders in it, their rights would be changed.
func pack(files []world.File) (*bytes.Buffer, error) {
	var archive bytes.Buffer
	writer := tar.NewWriter(&archive)
	for _, file := range files {
		if !path.IsAbs(file.Path) {
			return nil, fmt.Errorf("the path %q does not begin with /", file.Path)
		}
		entry := &tar.Header{Name: strings.TrimPrefix(path.Clean(file.Path), "/"), Mode: 0o755, Size: int64(len(file.Content)), ModTime: epoch}
		if err := writer.WriteHeader(entry); err != nil {
			return nil, err
		}
		if _, err := writer.Write(file.Content); err != nil {
			return nil, err
		}
	}
	return &archive, writer.Close()
}
