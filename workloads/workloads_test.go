package workloads

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
)

func shape(guarantee Guarantee) Shape {
	s := Shape{Seed: 7, Guarantee: guarantee, Faults: 10 * time.Second, Quiet: 40 * time.Second,
		Settle: 16 * time.Second, End: 60 * time.Second, Every: 200 * time.Millisecond}
	for i := range 10 {
		s.Clients = append(s.Clients, history.Placement{Client: fmt.Sprintf("c%d", i+1), Host: fmt.Sprintf("n%d", i%5+1)})
	}
	return s
}

// Every plan is legal, in order, the same for the same seed, and ends with final reads by everybody.
func TestPlans(t *testing.T) {
	for _, workload := range All() {
		for _, guarantee := range []Guarantee{Consistent, Linearizable, Available, Cached} {
			s := shape(guarantee)
			plan := workload.Plan(s)
			require.NoError(t, Validate(plan, s.Clients))
			require.Equal(t, plan, workload.Plan(s))
			finals := map[string]int{}
			for i, planned := range plan {
				if i > 0 {
					require.LessOrEqual(t, plan[i-1].At, planned.At)
				}
				require.Less(t, planned.At, history.Time(s.End))
				if planned.At > history.Time(s.Quiet+s.Settle) {
					finals[planned.Client]++
				}
			}
			require.Len(t, finals, len(s.Clients))
		}
	}
}

// Every written value is unique, so that checking stays fast and a witness names one write.
func TestWrittenValuesAreUnique(t *testing.T) {
	for _, workload := range []Workload{Register(), Watches(), Sessions(), Multi()} {
		written := map[int64]bool{0: true}
		for _, planned := range workload.Plan(shape(Consistent)) {
			value := planned.Value
			if change, is := value.AsList(); is {
				value = change[1]
			}
			if number, is := value.AsInteger(); is {
				require.False(t, written[number], "%s: %d is written twice", workload.Name, number)
				written[number] = true
			}
		}
		require.Greater(t, len(written), 400, workload.Name)
	}
}

// An instance registers once, under a name of its own, and ends at most once, after that.
func TestInstancesLiveOnce(t *testing.T) {
	born, ended := map[string]bool{}, map[string]history.Function{}
	for _, planned := range planDiscovery(shape(Available)) {
		switch planned.Function {
		case history.Register:
			require.False(t, born[planned.Key])
			born[planned.Key] = true
		case history.Deregister, history.Die:
			require.True(t, born[planned.Key])
			require.Empty(t, ended[planned.Key])
			ended[planned.Key] = planned.Function
		}
	}
	require.Greater(t, len(born), len(ended), "some are alive at the end")
	require.NotEmpty(t, ended)
}

func TestGenerator(t *testing.T) {
	read := func(at history.Time, must bool) Planned {
		return Planned{At: at, Client: "c1", Request: history.Request{Function: history.Read, Key: "x"}, Must: must}
	}
	swap := Planned{At: 50, Client: "c1", Request: history.Request{Function: history.CAS, Key: "x",
		Value: history.List(history.Nothing, history.Integer(9))}}
	g := NewGenerator([]Planned{read(10, false), read(20, true), swap})

	_, wait, found := g.Next("c1", 5)
	require.False(t, found)
	require.EqualValues(t, 10, wait, "too early: ask again at 10")

	request, _, found := g.Next("c1", 11+Patience)
	require.True(t, found)
	require.Equal(t, history.Read, request.Function)
	g.Completed("c1", request, history.Completion{Outcome: history.Ok, Value: history.Integer(4)})

	request, _, found = g.Next("c1", 12+Patience)
	require.True(t, found, "the first read, no must, was too late and left out; the second was done; now the CAS")
	require.Equal(t, history.CAS, request.Function)
	require.Equal(t, "[4 9]", request.Value.String(), "from what this client saw last")

	_, wait, found = g.Next("c1", 13+Patience)
	require.False(t, found)
	require.Equal(t, history.Forever, wait)
}

func TestFindNamesWhatThereIs(t *testing.T) {
	_, err := Find("regster")
	require.ErrorContains(t, err, `unknown workload "regster"; there are: register, discovery, watches, sessions, sequences, multi`)
	_, err = Find("register")
	require.NoError(t, err)
}

// Both kinds of system declare promises, each in words and with a checker of its own.
func TestPromisesAreDeclared(t *testing.T) {
	for _, workload := range All() {
		for _, guarantee := range []Guarantee{Consistent, Available, Cached} {
			texts := map[string]bool{}
			promises := workload.Promises(guarantee, Conditions{Faults: []string{"shatter"}})
			for _, promise := range append(promises, workload.Measures(guarantee, Conditions{})...) {
				require.False(t, texts[promise.Text], "%s is said twice", promise.Text)
				texts[promise.Text] = true
				require.NotEmpty(t, promise.Checker.Name())
			}
		}
	}
}

// The instances of a registry's workloads register, and of those that end each ends once, after that.
func TestInstancesOfRegistriesEndOnce(t *testing.T) {
	for _, workload := range []Workload{Convergence(), SelfPreservation(), StatusOverride()} {
		born, ended := map[string]bool{}, map[string]history.Function{}
		for _, planned := range workload.Plan(shape(Available)) {
			switch planned.Function {
			case history.Register:
				require.Empty(t, ended[planned.Key], "%s: %s comes back", workload.Name, planned.Key)
				born[planned.Key] = true
			case history.Deregister, history.Die:
				require.True(t, born[planned.Key], workload.Name)
				require.Empty(t, ended[planned.Key], workload.Name)
				ended[planned.Key] = planned.Function
			case history.SetStatus, history.ClearStatus:
				require.True(t, born[planned.Key], workload.Name)
			}
		}
		require.NotEmpty(t, born)
		require.Greater(t, len(born), len(ended), "%s: some are alive at the end", workload.Name)
	}
}

// Of a small registry one instance crashes; of a large one so many more that the heartbeats of the others
// are as many as the threshold, and no more.
func TestCrashesReachTheThreshold(t *testing.T) {
	for _, clients := range []int{2, 6, 10, 40, 400} {
		for seed := uint64(1); seed <= 6; seed++ {
			s := shape(Available)
			s.Seed, s.Clients = seed, nil
			for i := range clients {
				s.Clients = append(s.Clients, history.Placement{Client: fmt.Sprintf("c%d", i+1), Host: fmt.Sprintf("n%d", i%5+1)})
			}
			born, died := 0, 0
			for _, planned := range planSelfPreservation(s) {
				switch planned.Function {
				case history.Register:
					born++
				case history.Die:
					died++
				}
			}
			if seed%2 == 1 {
				require.Equal(t, smallest, born)
				require.Equal(t, 1, died)
				continue
			}
			expected := born - 1 // when the first has been evicted
			threshold := expected * beatsPerBucket * renewalPercent / 100
			left := (born - died) * beatsPerBucket
			require.True(t, left == threshold || left == threshold-1, "%d heartbeats of %d, and a threshold of %d", left, born, threshold)
		}
	}
}

// One operator has the word on each instance, and takes it back before it sets it again.
func TestOneOperatorForEachInstance(t *testing.T) {
	operator, set := map[string]string{}, map[string]bool{}
	for _, planned := range planStatusOverride(shape(Available)) {
		if planned.Function != history.SetStatus && planned.Function != history.ClearStatus {
			continue
		}
		if known := operator[planned.Key]; known != "" {
			require.Equal(t, known, planned.Client)
		}
		operator[planned.Key] = planned.Client
		require.Equal(t, planned.Function == history.ClearStatus, set[planned.Key])
		set[planned.Key] = planned.Function == history.SetStatus
	}
	require.NotEmpty(t, operator)
}

// A registry's instances that stand are as many as are asked for, rounded up to what each provider can hold alike, and are
// there before the faults, however many they are.
func TestInstancesThatStand(t *testing.T) {
	for keys, want := range map[int]int{0: 20, 1: 5, 50: 50, 51: 55, 1000: 1000} {
		s := shape(Available)
		s.Keys = keys
		standing := 0
		for _, planned := range Convergence().Plan(s) {
			if planned.Function == history.Register && !strings.Contains(planned.Key, "#") {
				require.Less(t, time.Duration(planned.At), s.Faults)
				standing++
			}
		}
		require.Equal(t, want, standing, keys)
	}
}

// What the workloads for programs plan is as they say: values of a key, log or set are written once, whoever writes a variable
// has read it before, and no key is written more often than it is to be.
func TestProgramsWriteOnce(t *testing.T) {
	written, times := map[string]bool{}, map[string]int{}
	write := func(workload, key string, value history.Value) {
		name := fmt.Sprint(workload, " ", key, " ", value)
		require.False(t, written[name], name)
		written[name] = true
		times[workload+" "+key]++
	}
	for _, workload := range []Workload{Broadcast(), GSet(), LinKV(), Kafka(), TxnListAppend(), TxnRWRegister()} {
		s := shape(Linearizable)
		s.Keys, s.TxnLength, s.WritesPerKey = 3, 5, 20
		for _, planned := range workload.Plan(s) {
			switch planned.Function {
			case history.Add, history.Send, history.Write:
				write(workload.Name, planned.Key, planned.Value)
			case history.Txn:
				steps, _ := planned.Value.AsList()
				require.NotEmpty(t, steps)
				require.LessOrEqual(t, len(steps), 5)
				read := map[string]bool{}
				for _, step := range steps {
					parts, _ := step.AsList()
					switch key := parts[1].String(); parts[0].String() {
					case "r":
						require.True(t, parts[2].IsNothing())
						read[key] = true
					case "w":
						require.True(t, read[key], planned.Value)
						fallthrough
					default:
						write(workload.Name, key, parts[2])
					}
				}
			}
		}
	}
	for key, count := range times {
		if strings.HasPrefix(key, "kafka") || strings.HasPrefix(key, "txn") {
			require.LessOrEqual(t, count, 20, key)
		}
	}
	require.Greater(t, len(times), 60, "keys make place for others")
}

// A client polls from where it is: from 0, behind what it was given, and behind what it was told is committed. What it commits
// is what it was given.
func TestPositionsInLogs(t *testing.T) {
	list, text, number := history.List, history.Text, history.Integer
	logs := offsetsOf([]int{0, 1}, history.Nothing)
	poll, commit := history.Request{Function: history.Poll, Value: logs}, history.Request{Function: history.CommitOffsets, Value: logs}
	g := NewGenerator(nil)
	asked := func(client string, request history.Request) string { return g.resolve(client, request).Value.String() }
	completed := func(client string, request history.Request, value history.Value) {
		g.Completed(client, request, history.Completion{Outcome: history.Ok, Value: value})
	}
	require.Equal(t, "[[k0 0] [k1 0]]", asked("c1", poll))
	require.Equal(t, "[]", asked("c1", commit))

	completed("c1", poll, list(list(text("k0"), list(list(number(0), number(9)), list(number(4), number(8))))))
	require.Equal(t, "[[k0 5] [k1 0]]", asked("c1", poll))
	require.Equal(t, "[[k0 4]]", asked("c1", commit))
	require.Equal(t, "[[k0 0] [k1 0]]", asked("c2", poll), "another client is elsewhere")

	completed("c1", history.Request{Function: history.ListCommitted}, list(list(text("k0"), number(2)), list(text("k1"), number(7))))
	require.Equal(t, "[[k0 3] [k1 8]]", asked("c1", poll))

	begin := history.Request{Function: history.Poll, Value: offsetsOf([]int{0}, number(0))}
	require.Equal(t, "[[k0 0]]", asked("c1", begin))
	require.Equal(t, "[[k0 0] [k1 8]]", asked("c1", poll))
}
