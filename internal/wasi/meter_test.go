package wasi

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/tetratelabs/wazero"
)

// counted is code that goes round a loop ten times: loop; put(0, get(0)+1); if get(0) < 10 go round; end.
var counted = []byte{0x03, 0x40, 0x41, 0, 0x41, 0, 0x28, 2, 0, 0x41, 1, 0x6a, 0x36, 2, 0, 0x41, 0, 0x28, 2, 0, 0x41, 10, 0x49, 0x0d, 0, 0x0b}

// Fuel is counted exactly: a unit for each round.
func TestFuelIsExact(t *testing.T) {
	program, err := Compile(t.Context(), plain(counted, ""), "")
	if err != nil {
		t.Fatal(err)
	}
	for fuel, wanted := range map[int64]string{
		10: "0s end exited exited with status 0",
		9:  "0s end spun spun: more than 9 calls and rounds of loops in one second of its clock",
	} {
		m := boots(t, 1, program, Options{Limits: Limits{Fuel: fuel}}, nil)
		m.until(time.Second)
		if !slices.Equal(m.script, []string{wanted}) {
			t.Errorf("fuel %d: %q, not %q", fuel, m.script, wanted)
		}
	}
}

// FuzzMeter takes any bytes for a module: what is valid is so with fuel too.
func FuzzMeter(f *testing.F) {
	f.Add(plain(counted, ""))
	f.Add(plain([]byte{0x10, 0}, "data"))
	f.Add(plain(nil, "", [2]string{"fd_write", "iiii"}, [2]string{"fd_seek", "iIii"}))
	f.Add(plain([]byte{0x02, 0x40, 0x41, 1, 0x0e, 1, 0, 0, 0x0b, 0x41, 0, 0x41, 0, 0x41, 8, 0xfc, 0x0b, 0, 0x44, 0, 0, 0, 0, 0, 0, 0, 0, 0x1a}, ""))
	f.Add(plain([]byte{0xfd, 0x0c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0xfd, 0x15, 3, 0x1a}, ""))
	f.Fuzz(func(t *testing.T, module []byte) {
		if recognise(module) != nil {
			return
		}
		if _, err := sections(module); err != nil {
			return
		}
		if compiles(module) != nil {
			return
		}
		metered, err := meter(module)
		if err != nil {
			t.Fatalf("a valid module cannot be metered: %v", err)
		}
		if err := compiles(metered); err != nil {
			t.Fatalf("a valid module is not valid with fuel: %v", err)
		}
	})
}

// compiles tells what is wrong with a module.
func compiles(module []byte) error {
	ctx := context.Background()
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter().WithDebugInfoEnabled(false))
	defer r.Close(ctx)
	_, err := r.CompileModule(ctx, module)
	return err
}
