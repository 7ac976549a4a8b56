package main

import (
	"cleave/harness"
	"cleave/world"
)

// custom makes the system that a plan brings along. One whose door is closed here, as its program is gone, can be judged all the
// same: that it cannot be run, able says.
func custom(plan harness.Plan) (world.System, error) {
	system := plan.Custom.System(plan.System)
	switch plan.Custom.Door {
	case harness.ProgramDoor:
		return programSystem(plan, system)
	case harness.ImageDoor:
		return imageSystem(plan, system), nil
	}
	return system, nil
}
