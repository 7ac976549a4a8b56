package verify_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/checker/verify"
	"cleave/history/foreign"
)

// source is a text as a history.
func source(text string) verify.Source {
	return verify.Source{Name: "history", Size: int64(len(text)),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

// script makes a history of lines "process type function value", in EDN.
func script(lines ...string) string {
	var out strings.Builder
	for _, line := range lines {
		parts := strings.SplitN(line, " ", 4)
		fmt.Fprintf(&out, "{:process %s, :type :%s, :f :%s, :value %s}\n", parts[0], parts[1], parts[2], parts[3])
	}
	return out.String()
}

// sequence is a history of one client: function, argument, result.
func sequence(operations ...string) string {
	var lines []string
	for _, operation := range operations {
		parts := strings.Split(operation, " ")
		lines = append(lines, "0 invoke "+parts[0]+" "+parts[1], "0 ok "+parts[0]+" "+parts[2])
	}
	return script(lines...)
}

// Of each model a legal history and one that is wrong by its last answer; the model is told by the functions.
func TestModels(t *testing.T) {
	for _, each := range []struct{ model, right, wrong string }{
		{"register", sequence("write 1 1", "write 2 2", "read nil 2"), sequence("write 1 1", "write 2 2", "read nil 1")},
		{"cas-register", sequence("write 1 1", "cas [1,2] [1,2]", "read nil 2"), sequence("write 1 1", "cas [1,2] [1,2]", "read nil 1")},
		{"text", sequence(`append "a" "a"`, `append "b" "b"`, `read nil "ab"`), sequence(`append "a" "a"`, `append "b" "b"`, `read nil "ba"`)},
		{"set", sequence("add 1 1", "add 2 2", "read nil [1,2]"), sequence("add 1 1", "add 2 2", "read nil [1]")},
		{"counter", sequence("add 1 1", "add 2 2", "read nil 3"), sequence("add 1 1", "add 2 2", "read nil 4")},
		{"fifo-queue", sequence("enqueue 1 1", "enqueue 2 2", "dequeue nil 1"), sequence("enqueue 1 1", "enqueue 2 2", "dequeue nil 2")},
		{"stack", sequence("push 1 1", "push 2 2", "pop nil 2"), sequence("push 1 1", "push 2 2", "pop nil 1")},
		{"priority-queue", sequence("insert 2 2", "insert 1 1", "remove-min nil 1"), sequence("insert 2 2", "insert 1 1", "remove-min nil 2")},
		{"lock", sequence("acquire nil nil", "release nil nil", "acquire nil nil"), sequence("acquire nil nil", "acquire nil nil")},
		{"list-append", sequence("txn [[:append,1,1]] [[:append,1,1]]", "txn [[:r,1,nil]] [[:r,1,[1]]]"),
			sequence("txn [[:append,1,1]] [[:append,1,1]]", "txn [[:r,1,nil]] [[:r,1,[]]]")},
		{"rw-register", sequence("txn [[:w,1,1]] [[:w,1,1]]", "txn [[:r,1,nil]] [[:r,1,1]]"),
			sequence("txn [[:w,1,1]] [[:w,1,1]]", "txn [[:r,1,nil]] [[:r,1,nil]]")},
	} {
		for want, text := range map[checker.Verdict]string{checker.Valid: each.right, checker.Invalid: each.wrong} {
			answer, err := verify.Judge(source(text), foreign.Options{}, verify.Question{})
			require.NoError(t, err, each.model)
			require.Equal(t, each.model, answer.Model)
			require.NotEmpty(t, answer.Told)
			require.Equal(t, want, answer.Verdict, "%s: %s", each.model, answer.Reason)
			require.Equal(t, want == checker.Invalid, answer.Witness != nil, each.model)
			require.NotEmpty(t, answer.Methods, each.model)
			require.True(t, answer.Untimed)
		}
	}
}

// What no model has is judged by its invariant alone: a legal history, one that is not, and how many operations show it.
func TestObjects(t *testing.T) {
	differing := sequence("write 1 1") + script("1 invoke read nil", "1 ok read 0", "2 invoke read nil", "2 ok read 1")
	move := "transfer {:from,0,:to,1,:amount,5} {:from,0,:to,1,:amount,5}"
	for _, each := range []struct {
		model, consistency string
		right, wrong       string
		told               bool // the functions tell the model
		witness            int
	}{
		{"bank", "constant-total", sequence("read nil {0,10,1,0}", move, "read nil {0,5,1,5}", "read nil [15,-5]"),
			sequence("read nil {0,10,1,0}", move, "read nil {0,5,1,0}"), true, 2},
		{"log", "monotonic-prefix", sequence("append :a :a", "read nil [:a]", "read nil [:a,:b]"),
			sequence("append :a :a", "read nil [:a,:b]", "read nil [:a]"), true, 2},
		{"generator", "unique-ids", sequence("generate nil 3", "generate nil 4"), sequence("generate nil 3", "generate nil 3"), true, 2},
		{"register", "converging", differing + script("1 invoke read nil", "1 ok read 1"), differing, false, 2},
	} {
		for want, text := range map[checker.Verdict]string{checker.Valid: each.right, checker.Invalid: each.wrong} {
			question := verify.Question{}
			if !each.told {
				question.Consistency = each.consistency
			}
			answer, err := verify.Judge(source(text), foreign.Options{}, question)
			require.NoError(t, err, each.model)
			require.Equal(t, []string{each.model, each.consistency}, []string{answer.Model, answer.Consistency})
			require.Equal(t, want, answer.Verdict, "%s: %s", each.model, answer.Reason)
			if want == checker.Invalid {
				require.Len(t, answer.Witness.Operations, each.witness)
			}
		}
	}
	answer, err := verify.Judge(source(sequence("read nil [9223372036854775807,1]", "transfer 1 1")), foreign.Options{}, verify.Question{})
	require.NoError(t, err)
	require.Equal(t, checker.Unknown, answer.Verdict, "a total of more than 64 bits")
}

// A history that is read in passes has the verdict that it has when it is read at once.
func TestPasses(t *testing.T) {
	var text strings.Builder
	for key := range 40 {
		for _, kind := range []string{"invoke", "ok"} {
			fmt.Fprintf(&text, `{"process":0,"type":%q,"f":"write","key":"k%d","value":%d}`+"\n", kind, key, key)
		}
		value := key
		if key == 33 {
			value = 7
		}
		fmt.Fprintf(&text, `{"process":0,"type":"invoke","f":"read","key":"k%d"}`+"\n", key)
		fmt.Fprintf(&text, `{"process":0,"type":"ok","f":"read","key":"k%d","value":%d}`+"\n", key, value)
	}
	for _, memory := range []int64{0, 1 << 30, 20_000} {
		answer, err := verify.Judge(source(text.String()), foreign.Options{}, verify.Question{Budget: checker.Budget{Memory: memory}})
		require.NoError(t, err)
		require.Equal(t, memory > 0 && memory < 1<<20, answer.Passes > 1)
		require.Equal(t, checker.Invalid, answer.Verdict, "memory %d: %s", memory, answer.Reason)
		require.Equal(t, "k33", answer.Witness.Key)
	}
	right := strings.ReplaceAll(text.String(), `"key":"k33","value":7`, `"key":"k33","value":33`)
	answer, err := verify.Judge(source(right), foreign.Options{}, verify.Question{Budget: checker.Budget{Memory: 20_000}})
	require.NoError(t, err)
	require.Equal(t, checker.Valid, answer.Verdict, answer.Reason)
	require.Equal(t, 40, answer.Keys)
	require.Equal(t, 80, answer.Operations)
}

// Past its bounds a judgement is unknown, and says why.
func TestBounds(t *testing.T) {
	answer, err := verify.Judge(source(sequence("write 1 1", "read nil 1", "write 2 2", "read nil 2")), foreign.Options{},
		verify.Question{Budget: checker.Budget{Memory: 2000}})
	require.NoError(t, err)
	require.Equal(t, checker.Unknown, answer.Verdict)
	require.Equal(t, "reading was given up after 4 operations that have to be judged together: 0 MB were not enough", answer.Reason)
}

// A line for which there is no memory is an error, and is not read; lines that together are too much are given up.
func TestLongLines(t *testing.T) {
	ask := verify.Question{Budget: checker.Budget{Memory: 16 << 20}}
	line := func(kind string, length int) string {
		return fmt.Sprintf(`{"process":0,"type":%q,"f":"write","key":"k","value":%q}`+"\n", kind, strings.Repeat("x", length))
	}
	_, err := verify.Judge(source(line("invoke", 3<<20)), foreign.Options{}, ask)
	require.EqualError(t, err, "history: line 1 is longer than 2097152 bytes, and there is memory for no longer one")
	long := line("invoke", 1900_000) + line("ok", 1900_000)
	answer, err := verify.Judge(source(strings.Repeat(long, 20)), foreign.Options{}, ask)
	require.NoError(t, err)
	require.Equal(t, checker.Unknown, answer.Verdict)
	require.Regexp(t, "reading was given up after [45] operations that have to be judged together: 16 MB were not enough", answer.Reason)
}

// What cannot be asked is said in a line.
func TestBadQuestions(t *testing.T) {
	register := sequence("write 1 1", "read nil 1")
	for _, each := range []struct {
		text, model, consistency, want string
	}{
		{register, "queue", "", `unknown model "queue"; there are: register, cas-register`},
		{register, "counter", "", "history: operation #0: a counter knows add, read, but not write"},
		{register, "", "perfect", `unknown consistency "perfect"; there are: linearizable`},
		{register, "", "serializable", "serializable is a consistency of transactions, of which this history has none"},
		{register, "", "set-full", "set-full is judged of a set, not of a register"},
		{register, "bank", "", "operation #0: a bank knows read, transfer, but not write"},
		{sequence("generate nil 1"), "", "linearizable", `a generator is judged by unique-ids alone, not by "linearizable"`},
		{register, "", "constant-total", "constant-total is judged of a bank, not of a register"},
		{register, "list-append", "", "operation #0: a list-append knows txn with a list"},
		{sequence("add 1 1"), "", "causal", "causal is judged of registers, and linearizable alone of a counter"},
		{sequence("jump 1 1"), "", "", "what the history is about cannot be told by its functions (jump): say --model"},
		{sequence("txn [[:r,1,nil]] [[:r,1,nil]]"), "", "", "no transaction writes anything"},
		{sequence("add 9223372036854775807 nil", "add 1 nil"), "", "", "operation #2: the amounts that are added up to here make no number of 64 bits"},
		{sequence("acquire 1000 nil"), "lease", "", "it has no times, and a lease ends by time"},
		{"", "register", "", "the history is empty"},
		{"{:process 0, :type :ok, :f :read}", "register", "", "history: line 1: process 0 completes what it never invoked"},
	} {
		_, err := verify.Judge(source(each.text), foreign.Options{}, verify.Question{Model: each.model, Consistency: each.consistency})
		require.ErrorContains(t, err, each.want)
		require.NotContains(t, err.Error(), "\n")
	}
}

// Weaker consistencies hold where linearizability does not.
func TestWeaker(t *testing.T) {
	stale := script("0 invoke write 1", "0 ok write 1", "0 invoke write 2", "0 ok write 2", "1 invoke read nil", "1 ok read 1")
	for consistency, want := range map[string]checker.Verdict{
		"linearizable": checker.Invalid, "ordered-sequential": checker.Valid, "sequential": checker.Valid, "causal": checker.Valid, "pram": checker.Valid,
		"monotonic-reads": checker.Valid,
	} {
		answer, err := verify.Judge(source(stale), foreign.Options{}, verify.Question{Consistency: consistency})
		require.NoError(t, err)
		require.Equal(t, want, answer.Verdict, "%s: %s", consistency, answer.Reason)
	}
	back := stale + script("1 invoke read nil", "1 ok read 2", "1 invoke read nil", "1 ok read 1")
	answer, err := verify.Judge(source(back), foreign.Options{}, verify.Question{Consistency: "monotonic-reads"})
	require.NoError(t, err)
	require.Equal(t, checker.Invalid, answer.Verdict)
	require.NotEmpty(t, answer.Witness.Operations)
}
