package tidy

import (
	"go/token"
	"strings"
	"testing"
)

func TestImports(t *testing.T) {
	importing := func(path string) string { return "package p\n\nimport _ \"" + path + "\"\n" }
	expect(t, imports,
		sample{"harness/a.go", importing("cleave/checker"), nil},
		sample{"checker/a.go", importing("cleave/harness"), finds("3: checker imports harness")},
		sample{"workloads/a.go", importing("cleave/nemesis"), finds("3: workloads imports nemesis")},
		sample{"world/sim/a.go", importing("cleave/world"), nil},
		sample{"systems/cachedcp/a.go", importing("cleave/systems/cpstore"), nil},
		sample{"harness/a.go", importing("cleave/world/sim"), finds("3: harness imports world/sim")},
		sample{"cmd/cleave/a.go", importing("cleave/world/sim"), nil},
		sample{"nemesis/a.go", importing("cleave/internal/rng"), nil},
		sample{"history/a.go", importing("cleave/internal/rng"), finds("3: history imports internal/rng")},
		sample{"history/a.go", importing("example.com/x"), finds("3: history imports example.com/x")},
		sample{"history/a.go", importing("encoding/json"), nil},
		sample{"systems/cpstore/a_test.go", importing("cleave/world/sim"), nil},
		sample{"checker/a_test.go", importing("cleave/workloads"), nil},
		sample{"checker/a_test.go", importing("cleave/world/sim"), finds("3: a test of checker imports world/sim")},
		sample{"attic/a.go", "package attic\n", finds("1: a package outside the rooms")})
}

func TestDeterminism(t *testing.T) {
	body := func(text string) string { return "package p\nfunc f() {\n" + text + "\n}\n" }
	clock := func(text string) string { return "package p\nimport wall \"time\"\n" + text + "\nvar _ = wall.Now()\n" }
	expect(t, determinism,
		sample{"nemesis/a.go", body("go f()"), finds("3: a goroutine")},
		sample{"harness/a.go", body("go f()"), nil},
		sample{"nemesis/a_test.go", body("go f()"), nil},
		sample{"world/sim/a.go", body("_ = make(chan int)"), finds("3: a channel")},
		sample{"systems/x/a.go", body("select {}"), finds("3: select")},
		sample{"systems/zookeeper/a.go", body("select {}"), nil},
		sample{"systems/zookeeperlike/a.go", body("select {}"), finds("3: select")},
		sample{"workloads/a.go", body("<-c"), finds("3: a receive")},
		sample{"workloads/a.go", body("c <- 1"), finds("3: a send")},
		sample{"workloads/a.go", "package p\nimport \"math/rand/v2\"\n", finds("2: simulated code imports math/rand/v2")},
		sample{"workloads/a.go", "package p\nimport \"time\"\nvar _ = time.Second\n", nil},
		sample{"workloads/a.go", clock(""), finds("4: time.Now")},
		sample{"workloads/a.go", clock("// wall time: I like it"), finds("4: time.Now")},
		sample{"models/a.go", clock(""), finds("4: time.Now")},
		sample{"checker/a.go", clock(""), finds("4: time.Now")},
		sample{"checker/a.go", clock("// wall time:"), finds("4: time.Now")},
		sample{"checker/a.go", clock("// wall time: the budget's end"), nil})
}

func TestMapOrder(t *testing.T) {
	body := func(text string) string {
		return "package p\nimport (\"maps\"; \"slices\"; \"sort\"; \"net/url\")\n" +
			"func f[M map[int]int](m map[string]int, q M, keys []string, u url.URL) {\n" + text +
			"\n}\nvar _, _, _ = maps.Clone[url.Values], sort.Strings, slices.Sort[[]int]\n"
	}
	const collect = "for key := range m {\nkeys = append(keys, key)\n}\n"
	expect(t, mapOrder,
		sample{"models/a.go", body("for range m {}"), finds("4: it ranges over the map m")},
		sample{"harness/a.go", body("for range m {}"), nil},
		sample{"models/a.go", body("for range q {}"), finds("4: it ranges over the map q")},
		sample{"models/a.go", body("for range u.Query() {}"), finds("4: it ranges over the map u.Query()")},
		sample{"models/a.go", body("for range keys {}"), nil},
		sample{"models/a.go", body("for range unknown {}"), finds("4: what this ranges over has no known type")},
		sample{"models/a.go", body("outer:\nfor range m { continue outer }"), finds("5: it ranges over the map m")},
		sample{"reports/a.go", body(collect), finds("4: it ranges over the map m")},
		sample{"reports/a.go", body(collect + "slices.Sort(keys)"), nil},
		sample{"reports/a.go", body(collect + "sort.Sort(sort.StringSlice(keys))"), nil},
		sample{"reports/a.go", body(collect + "println()\nslices.Sort(keys)"), finds("4: it ranges over the map m")},
		sample{"reports/a.go", body("for key := range m {\nprintln(key)\nkeys = append(keys, key)\n}\nslices.Sort(keys)"),
			finds("4: it ranges over the map m")},
		sample{"reports/a.go", body("for key, n := range m {\nif n > 1 {\nkeys = append(keys, key)\n}\n}\nslices.Sort(keys)"), nil},
		sample{"reports/a.go", body("// order does not matter: a sum\nfor range m {}"), nil},
		sample{"reports/a.go", body("// order does not matter:\nfor range m {}"), finds("5: it ranges over the map m")},
		sample{"reports/a.go", body("_ = slices.Collect(maps.Keys(m))"), finds("4: maps.Keys goes in map order")},
		sample{"reports/a.go", body("_ = slices.Sorted(maps.Keys(m))"), nil})
}

func TestFloats(t *testing.T) {
	body := func(text string) string {
		return "package p\nimport \"time\"\nfunc f(d time.Duration, log func(...any)) {\n" + text + "\n}\n"
	}
	expect(t, floats,
		sample{"nemesis/a.go", body("var x float64\n_ = x"), finds("4: float64")},
		sample{"reports/a.go", body("var x float64\n_ = x"), nil},
		sample{"nemesis/a.go", body("x := 0.5\n_ = x"), finds("4: the float 0.5")},
		sample{"nemesis/a.go", body("d = 1e9"), nil},
		sample{"nemesis/a.go", body("_ = d.Seconds() < d.Seconds()"), finds("4: arithmetic with floats")},
		sample{"nemesis/a.go", body("_ = int(d.Seconds())"), finds("4: a number made from a float")},
		sample{"nemesis/a.go", body("log(d.Seconds())"), nil})
}

func TestSizes(t *testing.T) {
	lines := func(n int) string { return strings.Repeat("\n", n) }
	expect(t, sizes,
		sample{"a.go", "package p\nfunc f() {" + lines(69) + "}\n", nil},
		sample{"a.go", "package p\nfunc f() {" + lines(70) + "}\n", finds("2: f has 71 lines")},
		sample{"a_test.go", "package p" + lines(500), nil},
		sample{"a_test.go", "package p" + lines(501), finds("501: a file of 501 lines")},
		sample{"a.go", "package p\n//" + strings.Repeat("é", 158) + "\n", nil},
		sample{"a.go", "package p\n\t//" + strings.Repeat("é", 155) + "\n", finds("2: a line of 161 columns")})
}

func TestDocumentation(t *testing.T) {
	documented := func(text string) string { return "// Package p is.\npackage p\n" + text + "\n" }
	expect(t, documentation,
		sample{"a.go", "package p\n", finds("1: package p has no comment")},
		sample{"a.go", documented("func F() {}"), finds("3: F has no comment")},
		sample{"a.go", documented("// Does it.\nfunc F() {}"), finds("4: the comment of F does not begin")},
		sample{"a.go", documented("// Foo does it.\nfunc F() {}"), finds("4: the comment of F does not begin")},
		sample{"a.go", documented("// F does it.\nfunc F() {}"), nil},
		sample{"a.go", documented("// T is.\ntype T[K any] struct{}\nfunc (t *T[K]) M() {}"), finds("5: M has no comment")},
		sample{"a.go", documented("type t struct{}\nfunc (t) M() {}\nfunc f() {}"), nil},
		sample{"a.go", documented("const C = 1"), finds("3: C has no comment")},
		sample{"a.go", documented("var (\nA = 1\nB = 2 // which is two\n)"), finds("4: A has no comment")},
		sample{"a.go", documented("// Both.\nvar (\nA = 1\nB = 2\n)"), nil},
		sample{"a.go", documented("// Types.\ntype (\nT int\n)"), finds("5: T has no comment")},
		sample{"a_test.go", "package p\nfunc F() {}\n", nil})
}

func TestDocumentationWantsAMapOfFiles(t *testing.T) {
	module := func(comment, face string) *Module {
		module := &Module{Name: "cleave", positions: token.NewFileSet()}
		module.add("p/"+face, "// Package p is. "+comment+"\npackage p\n")
		module.add("p/event.go", "package p\n")
		module.add("p/fault.go", "package p\n")
		return module
	}
	for _, each := range []struct {
		comment, face string
		want          []string
	}{
		{"event.go (events), fault.go (faults)", "doc.go", nil},
		{"event.go, default.go", "doc.go", finds("1: the map of files in doc.go does not mention fault.go")},
		{"event.go, fault.go", "main.go", finds("1: package p has no doc.go")},
	} {
		matches(t, each.face+": "+each.comment, check(module(each.comment, each.face), documentation), each.want)
	}
}

func TestConduct(t *testing.T) {
	body := func(text string) string {
		return "package p\nimport (\"fmt\"; \"log\"; \"os\")\nfunc f() {\n" + text + "\n}\n"
	}
	expect(t, conduct,
		sample{"world/a.go", "package p\nfunc init() {}\n", finds("2: an init function")},
		sample{"world/a.go", "package p\nfunc (t) init() {}\n", nil},
		sample{"world/a.go", body("fmt.Println()"), finds("4: fmt.Println in a library")},
		sample{"world/a.go", body("fmt.Fprintln(os.Stdout)"), nil},
		sample{"world/a.go", body("log.Fatal()"), finds("4: log.Fatal in a library")},
		sample{"world/a.go", body("os.Exit(1)"), finds("4: os.Exit outside main.go")},
		sample{"cmd/cleave/run.go", body("os.Exit(1)"), finds("4: os.Exit outside main.go")},
		sample{"cmd/cleave/main.go", body("fmt.Println()\nlog.Print()\nos.Exit(1)"), nil},
		sample{"world/a_test.go", body("fmt.Println()"), nil},
		sample{"world/a.go", body("panic(\"Unreachable!\")"), finds("4: a panic that does not say what broke")},
		sample{"world/a.go", body("panic(\"sim: an event in the past\")"), nil})
}

func TestLeftovers(t *testing.T) {
	mark, home := "TO"+"DO", "/wo"+"rk"
	expect(t, leftovers,
		sample{"README.md", "Fine.\n" + mark + ": more", finds("2: " + mark + " marks unfinished work")},
		sample{"a.go", "package p\n// " + mark + "S and workloads\n", nil},
		sample{"README.md", "see " + home + "/main", finds("1: a path that only one machine has")},
		sample{"README.md", "frame" + home[1:] + " net" + home + " " + home + "loads", nil})
}

func TestAFileThatDoesNotParseIsReported(t *testing.T) {
	expect(t, leftovers, sample{"a.go", "package", finds("1: it does not parse")})
}
