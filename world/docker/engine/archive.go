package engine

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"runtime"
	"time"
)

// epoch is the time of everything in an image, so that it does not depend on when it was made.
var epoch = time.Unix(0, 0).UTC()

// pressing is an image as bytes.
type pressing struct {
	name    string // with a tag that tells it from images of other programs
	id      string // the SHA-256 of its configuration
	labels  map[string]string
	archive []byte
}

// pressed makes an image of a program: an archive as "docker save" writes it, of three files. See the
// Docker Image Specification v1.2, "Combined Image JSON + Filesystem Changeset Format".
func pressed(program Program) (pressing, error) {
	binary, err := program.read()
	if err != nil {
		return pressing{}, err
	}
	made := pressing{labels: map[string]string{programLabel: digest(binary), VersionLabel: program.Version}}
	layer, err := archived(files(binary)...)
	if err != nil {
		return pressing{}, err
	}
	config, err := json.Marshal(configuration(made.labels, layer))
	if err != nil {
		return pressing{}, err
	}
	made.id = digest(config)
	made.name = "cleave:" + made.id[:12]
	manifest, err := json.Marshal([]manifestEntry{{Config: "config.json", RepoTags: []string{made.name}, Layers: []string{"layer.tar"}}})
	if err != nil {
		return pressing{}, err
	}
	made.archive, err = archived(entry{"config.json", config, 0o644}, entry{"layer.tar", layer, 0o644}, entry{"manifest.json", manifest, 0o644})
	return made, err
}

// entry is a file of an archive, or a folder if its name ends in a slash.
type entry struct {
	name    string
	content []byte
	mode    int64
}

// files are all that is in the image.
func files(binary []byte) []entry {
	return []entry{
		{"cleave", binary, 0o755},
		{"data/", nil, 0o1777},
		{"etc/", nil, 0o755},
		{"etc/group", []byte("root:x:0:\nnogroup:x:65534:\n"), 0o644},
		{"etc/passwd", []byte("root:x:0:0:root:/:/\nnobody:x:65534:65534:nobody:/:/\n"), 0o644},
		{"tmp/", nil, 0o1777},
	}
}

func archived(entries ...entry) ([]byte, error) {
	var archive bytes.Buffer
	writer := tar.NewWriter(&archive)
	for _, each := range entries {
		header := &tar.Header{Name: each.name, Mode: each.mode, Size: int64(len(each.content)), ModTime: epoch, Format: tar.FormatUSTAR}
		if err := writer.WriteHeader(header); err != nil {
			return nil, fmt.Errorf("writing %s: %w", each.name, err)
		}
		if _, err := writer.Write(each.content); err != nil {
			return nil, fmt.Errorf("writing %s: %w", each.name, err)
		}
	}
	err := writer.Close()
	return archive.Bytes(), err
}

// The parts of the specification that are used.
type (
	imageConfig struct {
		Architecture string     `json:"architecture"`
		System       string     `json:"os"`
		Created      time.Time  `json:"created"`
		Config       runConfig  `json:"config"`
		History      []history  `json:"history"`
		Root         rootConfig `json:"rootfs"`
	}
	runConfig struct {
		EntryPoint  []string          `json:"Entrypoint"`
		Environment []string          `json:"Env"`
		Folder      string            `json:"WorkingDir"`
		Labels      map[string]string `json:"Labels"`
	}
	rootConfig struct {
		Type   string   `json:"type"`
		Layers []string `json:"diff_ids"`
	}
	history struct {
		Created time.Time `json:"created"`
		By      string    `json:"created_by"`
	}
	manifestEntry struct {
		Config   string
		RepoTags []string
		Layers   []string
	}
)

func configuration(labels map[string]string, layer []byte) imageConfig {
	return imageConfig{Architecture: runtime.GOARCH, System: "linux", Created: epoch,
		Config:  runConfig{EntryPoint: []string{"/cleave"}, Environment: []string{"PATH=/"}, Folder: "/", Labels: labels},
		History: []history{{Created: epoch, By: "cleave"}},
		Root:    rootConfig{Type: "layers", Layers: []string{"sha256:" + digest(layer)}}}
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
