//go:build !linux

package main

import "os"

// windowColumns is 0: how wide a terminal is, is not asked for here.
func windowColumns(*os.File) int { return 0 }
