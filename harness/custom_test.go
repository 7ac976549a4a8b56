package harness

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cleave/nemesis"
	"cleave/workloads"
	"cleave/world"
)

func customPlan() Plan {
	plan := DefaultPlan()
	plan.System, plan.Seed = "theirs", 7
	plan.Custom = &Custom{Door: GoDoor, Summary: "a register", Guarantee: workloads.Linearizable, Majority: true,
		Grace: nemesis.Duration(2 * time.Second), Recovery: nemesis.Duration(3 * time.Second),
		Again: "go test . -run TestTheirs -cleave.seed={seed}"}
	return plan
}

// A plan says of a system that nobody else has what its runs are judged by, also when it was stored and read back.
func TestACustomSystemIsPartOfItsPlan(t *testing.T) {
	text, err := json.Marshal(customPlan())
	require.NoError(t, err)
	var plan Plan
	require.NoError(t, json.Unmarshal(text, &plan))
	require.NoError(t, plan.Validate())
	wiring := Wiring{Systems: func(Plan) []world.System { return nil }}
	system, err := wiring.System(plan)
	require.NoError(t, err)
	assert.Equal(t, "theirs", system.Name)
	assert.Equal(t, 3, system.Quorum(5))
	assert.Equal(t, 2*time.Second, system.Grace)
	promised, _, err := Promised(plan, nil, system)
	require.NoError(t, err)
	assert.Equal(t, "reads and writes are linearizable", promised[0].Text)
	assert.Equal(t, "go test . -run TestTheirs -cleave.seed=7", plan.Command())
}

func TestARunFolderOfACustomSystemIsReplayedByItsOwnCommand(t *testing.T) {
	finished := Finished{Plan: customPlan(), Folder: "store/7"}
	assert.Equal(t, "cleave replay store/7", finished.Replay())
	finished.Plan.Custom.Replay = "go test . -cleave.schedule {folder}"
	folder, err := filepath.Abs("store/7")
	require.NoError(t, err)
	assert.Equal(t, "go test . -cleave.schedule "+folder, finished.Replay())
	finished.Folder = ""
	assert.Equal(t, finished.Plan.Command(), finished.Replay())
}

func TestACustomSystemThatCannotBe(t *testing.T) {
	for problem, spoil := range map[string]func(*Plan){
		`system: "../theirs"`:   func(p *Plan) { p.System = "../theirs" },
		`custom.door: "window"`: func(p *Plan) { p.Custom.Door = "window" },
		"a time is negative":    func(p *Plan) { p.Custom.Grace = -1 },
		`unknown guarantee "C"`: func(p *Plan) { p.Custom.Guarantee = "C" },
	} {
		plan := customPlan()
		spoil(&plan)
		err := plan.Validate()
		require.Error(t, err, problem)
		assert.True(t, strings.Contains(err.Error(), problem), err.Error())
	}
}
