package layer

import (
	"bytes"
	"context"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// node is a file or a folder. It passes on what it is asked for, but for syncs.
type node struct {
	*fs.LoopbackNode
	layer *Layer

	mutex   sync.Mutex
	of      *doom    // that changes are kept for
	changes []change // since it was decided on, in their order
}

// WrapChild has everything below a node be one.
func (n *node) WrapChild(_ context.Context, child fs.InodeEmbedder) fs.InodeEmbedder {
	return &node{LoopbackNode: child.(*fs.LoopbackNode), layer: n.layer}
}

// path is where the file is that the node stands for. If it was removed meanwhile, there is none there.
func (n *node) path() string { return filepath.Join(n.RootData.Path, n.Path(n.Root())) }

// Write passes a write on.
func (n *node) Write(ctx context.Context, file fs.FileHandle, data []byte, at int64) (uint32, syscall.Errno) {
	n.layer.gate.RLock()
	defer n.layer.gate.RUnlock()
	n.remember(data, at)
	return file.(fs.FileWriter).Write(ctx, data, at)
}

// Writev passes on a write that comes in pieces.
func (n *node) Writev(ctx context.Context, file fs.FileHandle, pieces [][]byte, at int64) (uint32, syscall.Errno) {
	return n.Write(ctx, file, bytes.Join(pieces, nil), at)
}

// Setattr passes on a change of attributes. What was written before one of the length is no longer known by its places.
func (n *node) Setattr(ctx context.Context, file fs.FileHandle, in *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	n.layer.gate.RLock()
	defer n.layer.gate.RUnlock()
	if _, sized := in.GetSize(); sized {
		n.mutex.Lock()
		n.changes = nil
		n.mutex.Unlock()
	}
	return n.LoopbackNode.Setattr(ctx, file, in, out)
}

// Fsync is the sync of a file.
func (n *node) Fsync(ctx context.Context, file fs.FileHandle, flags uint32) syscall.Errno {
	return fs.ToErrno(n.layer.meet(ctx.Done(), n, func() error { return plain(file.(fs.FileFsyncer).Fsync(ctx, flags)) }))
}

// OpendirHandle opens a folder.
func (n *node) OpendirHandle(ctx context.Context, flags uint32) (fs.FileHandle, uint32, syscall.Errno) {
	opened, flags, failed := n.LoopbackNode.OpendirHandle(ctx, flags)
	if failed != 0 {
		return nil, 0, failed
	}
	return &openFolder{opened.(folder), n}, flags, 0
}

// folder is what can be done to one that is open.
type folder interface {
	fs.FileReaddirenter
	fs.FileSeekdirer
	fs.FileReleasedirer
	fs.FileFsyncdirer
}

// openFolder is a folder whose syncs are met.
type openFolder struct {
	folder
	node *node
}

// Fsyncdir is the sync of a folder.
func (f *openFolder) Fsyncdir(ctx context.Context, flags uint32) syscall.Errno {
	return fs.ToErrno(f.node.layer.meet(ctx.Done(), f.node, func() error { return plain(f.folder.Fsyncdir(ctx, flags)) }))
}

// plain is an error that is nil if there is none.
func plain(number syscall.Errno) error {
	if number == 0 {
		return nil
	}
	return number
}
