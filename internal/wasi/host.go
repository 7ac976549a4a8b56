package wasi

import (
	"context"
	"strings"

	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/sys"
)

// moduleName is where a program imports the functions of WASI preview 1 from.
const moduleName = "wasi_snapshot_preview1"

// function is one of the host's functions. The signature has a letter for each parameter: i for 32
// bits, I for 64. All but proc_exit answer with an errno.
type function struct {
	name      string
	signature string
	call      func(i *Instance, arguments []uint64) errno
}

// functions are all of WASI preview 1. Sockets are there and not supported.
var functions = []function{
	{"args_get", "ii", (*Instance).argsGet},
	{"args_sizes_get", "ii", (*Instance).argsSizesGet},
	{"clock_res_get", "ii", (*Instance).clockResGet},
	{"clock_time_get", "iIi", (*Instance).clockTimeGet},
	{"environ_get", "ii", (*Instance).environGet},
	{"environ_sizes_get", "ii", (*Instance).environSizesGet},
	{"fd_advise", "iIIi", onFile(nothing)},
	{"fd_allocate", "iII", onFile(fdAllocate)},
	{"fd_close", "i", (*Instance).fdClose},
	{"fd_datasync", "i", (*Instance).fdSync},
	{"fd_fdstat_get", "ii", (*Instance).fdFdstatGet},
	{"fd_fdstat_set_flags", "ii", (*Instance).fdFdstatSetFlags},
	{"fd_fdstat_set_rights", "iII", onAny(nothing)},
	{"fd_filestat_get", "ii", onAny(fdFilestatGet)},
	{"fd_filestat_set_size", "iI", onFile(fdFilestatSetSize)},
	{"fd_filestat_set_times", "iIIi", onAny(nothing)},
	{"fd_pread", "iiiIi", onFile(fdPread)},
	{"fd_prestat_dir_name", "iii", (*Instance).fdPrestatDirName},
	{"fd_prestat_get", "ii", (*Instance).fdPrestatGet},
	{"fd_pwrite", "iiiIi", onFile(fdPwrite)},
	{"fd_read", "iiii", (*Instance).fdRead},
	{"fd_readdir", "iiiIi", (*Instance).fdReaddir},
	{"fd_renumber", "ii", (*Instance).fdRenumber},
	{"fd_seek", "iIii", onFile(fdSeek)},
	{"fd_sync", "i", (*Instance).fdSync},
	{"fd_tell", "ii", onFile(fdTell)},
	{"fd_write", "iiii", (*Instance).fdWrite},
	{"path_create_directory", "iii", (*Instance).pathCreateDirectory},
	{"path_filestat_get", "iiiii", (*Instance).pathFilestatGet},
	{"path_filestat_set_times", "iiiiIIi", (*Instance).pathFilestatSetTimes},
	{"path_link", "iiiiiii", unsupported},
	{"path_open", "iiiiiIIii", (*Instance).pathOpen},
	{"path_readlink", "iiiiii", unsupported},
	{"path_remove_directory", "iii", (*Instance).pathRemoveDirectory},
	{"path_rename", "iiiiii", (*Instance).pathRename},
	{"path_symlink", "iiiii", unsupported},
	{"path_unlink_file", "iii", (*Instance).pathUnlinkFile},
	{"poll_oneoff", "iiii", (*Instance).pollOneoff},
	{"proc_exit", "i", (*Instance).procExit},
	{"proc_raise", "i", unsupported},
	{"random_get", "ii", (*Instance).randomGet},
	{"sched_yield", "", func(*Instance, []uint64) errno { return success }},
	{"sock_accept", "iii", unsupported},
	{"sock_recv", "iiiiii", unsupported},
	{"sock_send", "iiiii", unsupported},
	{"sock_shutdown", "ii", unsupported},
}

func unsupported(*Instance, []uint64) errno { return errUnsupported }

func (f function) parameters() (types []api.ValueType) {
	for _, letter := range f.signature {
		types = append(types, map[rune]api.ValueType{'i': api.ValueTypeI32, 'I': api.ValueTypeI64}[letter])
	}
	return types
}

func (f function) results() []api.ValueType {
	if f.name == "proc_exit" {
		return nil
	}
	return []api.ValueType{api.ValueTypeI32}
}

// run is what the guest calls. The stack holds the arguments, and takes the answer in the first place.
func (f function) run(ctx context.Context, module api.Module, stack []uint64) {
	i := guestOf(ctx)
	i.memory = module.Memory()
	for at := range f.signature {
		if f.signature[at] == 'i' {
			stack[at] = uint64(uint32(stack[at]))
		}
	}
	defer i.caught(stack)
	stack[0] = uint64(f.call(i, stack))
}

// caught makes an answer of an errno that a host function panicked with. Any other panic but the end of
// the program is a fault of ours or of the world's: it ends the program, and goes on outside of it.
func (i *Instance) caught(stack []uint64) {
	switch cause := recover().(type) {
	case nil:
	case errno:
		stack[0] = uint64(cause)
	case *sys.ExitError:
		panic(cause)
	default:
		i.broken = cause
		panic(sys.NewExitError(0))
	}
}

// guest is the context of an instance's calls, by which host functions find it.
type guest struct {
	context.Context
	instance *Instance
}

type guestKey struct{}

// Value gives itself, beside what the context around it has.
func (g *guest) Value(key any) any {
	if key == (guestKey{}) {
		return g
	}
	return g.Context.Value(key)
}

func guestOf(ctx context.Context) *Instance {
	if g, plain := ctx.(*guest); plain {
		return g.instance
	}
	return ctx.Value(guestKey{}).(*guest).instance
}

// asksBeforeReading tells whether a program looks at the flags of its standard input, and waits for it
// with poll_oneoff if they say that reading would block: then other things go on in it meanwhile. Go's own
// compiler makes such programs. Others, with a C library beneath, do not look, and take the answer that
// reading would block for an error.
func asksBeforeReading(module []byte) bool {
	parts, _ := sections(module) // it was compiled: it is whole
	for _, part := range parts {
		if part.id == customSection && strings.HasPrefix(string(part.content), "\x09producers") {
			return strings.Contains(string(part.content), "Go cmd/compile")
		}
	}
	return false
}
