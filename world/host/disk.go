package host

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
)

const mostBuffered = 1 << 20 // appended bytes that wait, of a file, before the end of the batch

// disk is files in folders. It implements world.Disk. Its methods are the loop's; what can take long is
// done by the flusher, in order:
//
//	Append ──▶ buffer ──(Sync, or the end of the batch)──▶ flusher: write, fdatasync ──▶ done
//
// When the disk has failed once, it has failed for good: after a failed sync the system may hold for
// clean what it could not write, so that a second sync that succeeds says nothing. Only a restart,
// which reads what is there, ends it.
type disk struct {
	host    *host
	data    *folder
	logs    *folder // the same as data, or another
	files   map[string]*file
	waiting []*file // with something in their buffers
	jobs    []job   // to be given to the flusher at the end of the batch
	flusher *flusher
}

// file is one that exists, or will once the flusher gets to it.
type file struct {
	path   string
	folder *folder
	buffer []byte       // appended, and not given to the flusher
	spare  []byte       // memory for the next buffer
	jobs   atomic.Int32 // given to the flusher and not done

	// The flusher's, and, while jobs is 0, the loop's.
	handle *os.File
	fresh  bool // made since its folder was last synced
	dirty  bool // written since it was last synced
}

// openDisk locks the folders and looks what is there.
func (h *host) openDisk() (*disk, error) {
	d := &disk{host: h, files: map[string]*file{}, flusher: newFlusher(h)}
	var err error
	if d.data, err = openFolder(h.options.DataDir, h.options.Identity); err != nil {
		return nil, err
	}
	d.logs = d.data
	if filepath.Clean(h.options.LogDir) != filepath.Clean(h.options.DataDir) {
		if d.logs, err = openFolder(h.options.LogDir, h.options.Identity); err != nil {
			d.data.close()
			return nil, err
		}
	}
	for _, folder := range []*folder{d.data, d.logs} {
		names, err := folder.names()
		if err != nil {
			d.closeFolders()
			return nil, err
		}
		for _, name := range names {
			if d.folderOf(name) == folder {
				d.find(name)
			}
		}
	}
	go d.flusher.run()
	return d, nil
}

func (d *disk) folderOf(name string) *folder {
	if strings.HasPrefix(name, "log") || strings.HasPrefix(name, "wal") {
		return d.logs
	}
	return d.data
}

// find is the file of a name, made here if it is new.
func (d *disk) find(name string) *file {
	f := d.files[name]
	if f == nil {
		if name == "" || strings.ContainsAny(name, `/\`) || name[0] == '.' || reserved(name) || strings.HasSuffix(name, temporary) {
			panic(fmt.Sprintf("host: a file cannot be named %q", name))
		}
		folder := d.folderOf(name)
		f = &file{path: filepath.Join(folder.path, name), folder: folder}
		d.files[name] = f
	}
	return f
}

// Files are the names of all files, sorted.
func (d *disk) Files() []string { return slices.Sorted(maps.Keys(d.files)) }

// Read gives a whole file, after all that was done to it has reached the system. A file that is there
// and cannot be read is no file that is not there: the process must not go on.
func (d *disk) Read(name string) []byte {
	f := d.files[name]
	if f == nil {
		return nil
	}
	d.settle(f)
	data, err := os.ReadFile(f.path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		panic(trouble(f.path, err))
	}
	return data
}

// Append keeps the bytes until the end of the batch at most.
func (d *disk) Append(name string, data []byte) {
	f := d.find(name)
	if f.buffer == nil {
		f.buffer, f.spare = f.spare, nil
		d.waiting = append(d.waiting, f)
	}
	f.buffer = append(f.buffer, data...)
	if len(f.buffer) >= mostBuffered {
		d.write(f)
	}
}

// Sync has the flusher make durable what was appended.
func (d *disk) Sync(name string, done func(error)) {
	f := d.find(name)
	d.give(job{kind: syncJob, file: f, data: f.take(), done: done})
}

// Replace has the flusher write a whole file and put it in the place of the old one.
func (d *disk) Replace(name string, data []byte, done func(error)) {
	f := d.find(name)
	f.take()
	d.give(job{kind: replaceJob, file: f, data: slices.Clone(data), done: done})
}

// Remove deletes a file. If it cannot, the disk has failed.
func (d *disk) Remove(name string) {
	f := d.files[name]
	if f == nil {
		return
	}
	delete(d.files, name)
	f.take()
	d.settle(f)
	f.close()
	err := os.Remove(f.path)
	if errors.Is(err, os.ErrNotExist) {
		return
	}
	if err == nil && !d.host.options.SkipSync {
		err = f.folder.self.Sync()
	}
	if err != nil {
		d.flusher.fail(trouble(f.path, err))
	}
}

// take empties the buffer and gives what was in it.
func (f *file) take() []byte {
	data := f.buffer
	f.buffer = nil
	return data
}

func (f *file) close() {
	if f.handle != nil {
		_ = f.handle.Close()
		f.handle = nil
	}
}

// write has the flusher write what is in the buffer.
func (d *disk) write(f *file) {
	if data := f.take(); len(data) > 0 {
		d.give(job{kind: writeJob, file: f, data: data})
	}
}

func (d *disk) give(j job) {
	j.file.jobs.Add(1)
	d.jobs = append(d.jobs, j)
}

// begin has the flusher begin with what the batch has gathered.
func (d *disk) begin() {
	for i, f := range d.waiting {
		d.write(f)
		d.waiting[i] = nil
	}
	d.waiting = d.waiting[:0]
	if len(d.jobs) > 0 {
		d.flusher.add(d.jobs)
		clear(d.jobs)
		d.jobs = d.jobs[:0]
	}
}

// settle waits until the flusher has done all there is for a file.
func (d *disk) settle(f *file) {
	d.write(f)
	if f.jobs.Load() > 0 {
		d.begin()
		d.flusher.await()
	}
}

func (d *disk) closeFolders() {
	d.data.close()
	if d.logs != d.data {
		d.logs.close()
	}
}

// closeDisk ends the flusher, once it has made durable what was appended or, if the process has
// panicked, with what it is at.
func (h *host) closeDisk(orderly bool) error {
	d := h.disk
	if d == nil {
		return nil
	}
	if orderly {
		d.begin()
	}
	err := d.flusher.close(orderly)
	for _, f := range d.files {
		if orderly && err == nil && f.dirty && !h.options.SkipSync {
			err = trouble(f.path, f.sync())
		}
		f.close()
	}
	d.closeFolders()
	return err
}

// trouble says what happened to which file, nil if nothing did.
func trouble(path string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("the disk is full: %s: %w", path, reasonFor(err))
	}
	return fmt.Errorf("the disk failed: %s: %w", path, reasonFor(err))
}
