package tidy

import (
	"go/ast"
	"go/token"
	"slices"
)

// simulated is the code that runs under virtual time, where the same schedule must give the same
// history.
var simulated = []string{"systems", "world/sim", "internal/link", "nemesis", "workloads"}

// adapters are the systems that never run in simulation: the real ones.
var adapters = []string{"systems/zookeeper", "systems/eureka", "systems/image"}

// programs are nodes' programs, and what they are made of: they know a machine, though it may be a simulated one.
var programs = []string{"systems/maelstrom/node", "systems/maelstrom/nodes"}

// judging is the code whose answers must depend on the history alone.
var judging = []string{"checker", "models"}

// unruly lists the imports that bring in threads, true randomness or the machine.
var unruly = []string{"crypto/rand", "math/rand", "math/rand/v2", "os", "sync", "sync/atomic"}

// clock lists the functions of package time that look at the machine's clock.
var clock = []string{"After", "AfterFunc", "NewTicker", "NewTimer", "Now", "Since", "Sleep", "Tick", "Until"}

// determinism keeps threads, the wall clock and randomness out of simulated code, and the clock out
// of judging code, save for a checker's time budget.
func determinism(file *File, report reporter) {
	if file.production(simulated...) && !file.production(adapters...) && !file.production(programs...) {
		unrulyImports(file, report)
		threads(file, report)
		clockCalls(file, report, "use the environment's clock and timers")
	}
	if file.production(judging...) {
		clockCalls(file, report, `judge by the history alone; for a time budget say why on the line above: "// wall time: <why>"`)
	}
}

func unrulyImports(file *File, report reporter) {
	for _, spec := range file.Syntax.Imports {
		if path := importPathOf(spec); slices.Contains(unruly, path) {
			report(file.line(spec.Pos()), "simulated code imports "+path,
				"it runs on one thread, draws from internal/rng and knows no machine but its environment")
		}
	}
}

func threads(file *File, report reporter) {
	ast.Inspect(file.Syntax, func(node ast.Node) bool {
		what := ""
		switch node := node.(type) {
		case *ast.GoStmt:
			what = "a goroutine"
		case *ast.ChanType:
			what = "a channel"
		case *ast.SelectStmt:
			what = "select"
		case *ast.SendStmt:
			what = "a send to a channel"
		case *ast.UnaryExpr:
			if node.Op == token.ARROW {
				what = "a receive from a channel"
			}
		}
		if what != "" {
			report(file.line(node.Pos()), what+" in simulated code", "simulated code is an event-driven state machine: use a callback")
		}
		return true
	})
}

func clockCalls(file *File, report reporter, mend string) {
	ast.Inspect(file.Syntax, func(node ast.Node) bool {
		expression, ok := node.(ast.Expr)
		if !ok {
			return true
		}
		path, name := file.selected(expression)
		if path != "time" || !slices.Contains(clock, name) {
			return true
		}
		if !file.production("checker") || !file.excused(node.Pos(), "wall time:") {
			report(file.line(node.Pos()), "time."+name+" reads the machine's clock", mend)
		}
		return true
	})
}
