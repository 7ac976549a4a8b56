package native

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"cleave/world/docker/owner"
)

// prefix begins the names of folders for temporary files.
const prefix = "cleave-native-"

// makeFolder makes a folder that tells whose it is.
func makeFolder() (string, error) {
	self, err := owner.Self()
	if err != nil {
		return "", err
	}
	return os.MkdirTemp("", prefix+self.String()+"_")
}

// Collect removes what runs that were killed have left, and gives the paths: folders of nodes. Processes are never left.
// Those of runs under way are let be, unless all are to go.
func Collect(all bool) (removed []string, err error) {
	found, err := filepath.Glob(filepath.Join(os.TempDir(), prefix+"*"))
	for _, path := range found {
		text, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(path), prefix), "_")
		gone, bad := remove(path, text, all)
		if bad != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", path, bad))
		}
		if gone {
			removed = append(removed, path)
		}
	}
	return removed, err
}

// remove removes the folder of an owner, if there is nobody any more who wants it.
func remove(path, text string, all bool) (gone bool, err error) {
	whose, err := owner.Parse(text)
	if err != nil {
		return false, err
	}
	alive, err := whose.Alive()
	if err != nil || alive && !all {
		return false, err
	}
	err = os.RemoveAll(path)
	return err == nil, err
}
