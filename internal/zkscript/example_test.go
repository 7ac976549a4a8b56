package zkscript_test

import (
	"fmt"

	"cleave/internal/zkscript"
)

// What a golden file has to say of a script that goes with it.
func ExampleConfig() {
	script := "config extendedTypesEnabled=true\nc1 connect\nc1 ping\n"
	fmt.Println(zkscript.Config(script), zkscript.ByHand(script))
	golden := zkscript.Golden([]string{"recorded from a server"}, "c1 ping\n  ok z1\n")
	fmt.Print(golden)
	fmt.Print(zkscript.Transcript(golden))
	// Output:
	// [extendedTypesEnabled=true] false
	// #! recorded from a server
	// c1 ping
	//   ok z1
	// c1 ping
	//   ok z1
}
