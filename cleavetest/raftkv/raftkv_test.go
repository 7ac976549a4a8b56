package raftkv_test

import (
	"os"
	"testing"

	"cleave/cleavetest"
	"cleave/cleavetest/raftkv"
)

func TestFaults(t *testing.T) {
	cleavetest.Run(t, raftkv.System(raftkv.Options{LocalReads: os.Getenv("LOCAL") != "", SendFirst: os.Getenv("FIRST") != ""}), cleavetest.Plan{Faults: os.Getenv("F")})
}
