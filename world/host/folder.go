package host

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The host's own files in a folder. They are not the process's to see.
const (
	lockName     = "host.lock"
	identityName = "host.identity"
	temporary    = ".new" // the end of the name of a file that is to replace another
)

// ErrLocked says that another process runs on the same folder.
var ErrLocked = errors.New("is in use by another process")

// ErrForeign says that a folder is marked with another Options.Identity.
var ErrForeign = errors.New("belongs to another server")

// folder is a directory that is this process's alone while it is open.
type folder struct {
	path string
	self *os.File // the directory, for syncing
	lock *os.File
}

// openFolder makes a folder if need be, locks it, and looks whose it is.
func openFolder(path, identity string) (*folder, error) {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, fmt.Errorf("cannot make the folder %s: %w", path, reasonFor(err))
	}
	self, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot open the folder %s: %w", path, reasonFor(err))
	}
	f := &folder{path: path, self: self}
	if err = f.seize(); err == nil {
		err = f.identify(identity)
	}
	if err != nil {
		f.close()
		return nil, err
	}
	return f, nil
}

func (f *folder) seize() error {
	var err error
	if f.lock, err = os.OpenFile(filepath.Join(f.path, lockName), os.O_RDWR|os.O_CREATE, 0o644); err != nil {
		return fmt.Errorf("cannot write in the folder %s: %w", f.path, reasonFor(err))
	}
	if lockFile(f.lock) != nil {
		return fmt.Errorf("the folder %s %w", f.path, ErrLocked)
	}
	return nil
}

// identify compares the mark with the identity, or makes it.
func (f *folder) identify(identity string) error {
	if identity == "" {
		return nil
	}
	path := filepath.Join(f.path, identityName)
	found, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return trouble(path, f.replace(path, []byte(identity+"\n"), true))
	}
	if err != nil {
		return fmt.Errorf("cannot read %s: %w", path, reasonFor(err))
	}
	if was := strings.TrimSpace(string(found)); was != identity {
		return fmt.Errorf("the folder %s %w: it is of %q, and this is %q", f.path, ErrForeign, was, identity)
	}
	return nil
}

// names are those of the process's files. What a crash left of a replacement is removed.
func (f *folder) names() ([]string, error) {
	entries, err := os.ReadDir(f.path)
	if err != nil {
		return nil, fmt.Errorf("cannot list the folder %s: %w", f.path, reasonFor(err))
	}
	var names []string
	for _, entry := range entries {
		name := entry.Name()
		switch {
		case !entry.Type().IsRegular() || reserved(name):
		case strings.HasSuffix(name, temporary):
			_ = os.Remove(filepath.Join(f.path, name))
		default:
			names = append(names, name)
		}
	}
	return names, nil
}

// IsMark tells of a file in a folder of data that it is the folder's own, and nothing of what a process keeps there:
// who uses it, and whose it is.
func IsMark(name string) bool { return reserved(name) }

func reserved(name string) bool { return name == lockName || name == identityName }

// replace writes a whole file, or leaves the one that is there.
func (f *folder) replace(path string, data []byte, durable bool) error {
	beside := path + temporary
	file, err := os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err == nil && durable {
		err = file.Sync()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(beside, path)
	}
	if err == nil && durable {
		err = f.self.Sync()
	}
	return err
}

func (f *folder) close() {
	if f == nil {
		return
	}
	_ = f.self.Close()
	if f.lock != nil {
		_ = f.lock.Close() // and with it the lock
	}
}

// reasonFor takes off the path that package os says again.
func reasonFor(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
