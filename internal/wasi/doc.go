// Package wasi runs a WebAssembly program.
package wasi
