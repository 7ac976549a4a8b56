package wasi

// errno is what a host function answers: an error number of WASI preview 1. A host function may also
// panic with one, which the guest gets all the same.
type errno uint32

// The error numbers in use, from the WASI preview 1 documents.
const (
	success        errno = 0
	errAgain       errno = 6
	errBadFile     errno = 8
	errExist       errno = 20
	errFault       errno = 21
	errInvalid     errno = 28
	errIO          errno = 29
	errIsDirectory errno = 31
	errTooManyOpen errno = 33
	errNameTooLong errno = 37
	errNoEntry     errno = 44
	errNoSpace     errno = 51
	errNoDirectory errno = 54
	errNotEmpty    errno = 55
	errUnsupported errno = 58
	errSeekPipe    errno = 70
	errOutside     errno = 76
)
