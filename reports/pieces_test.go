package reports

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/history"
)

func TestNumbersInWords(t *testing.T) {
	for milliseconds, words := range map[float64]string{0: "0 s", 0.1: "0.10 ms", 1.25: "1.2 ms", 9.96: "10 ms", 999.4: "999 ms", 999.6: "1.00 s",
		9994: "9.99 s", 28400: "28.4 s", 119949: "119.9 s", 119950: "2 min 0 s", 185000: "3 min 5 s", math.Inf(1): "?", math.NaN(): "?"} {
		require.Equal(t, words, duration(milliseconds), "%g", milliseconds)
	}
	for ratio, words := range map[float64]string{0: "0%", 1: "100%", 0.5: "50.0%", 0.0001: "<0.1%", 0.9999: ">99.9%", math.NaN(): "?"} {
		require.Equal(t, words, percent(ratio), "%g", ratio)
	}
	for n, words := range map[int]string{0: "0", 999: "999", 1000: "1,000", -1234567: "-1,234,567"} {
		require.Equal(t, words, thousands(n))
	}
}

func TestClean(t *testing.T) {
	require.Equal(t, "a␀b␊c␡", clean("a\x00b\nc\x7f", 10))
	require.Equal(t, "⟨U+202E⟩x�", clean("\u202ex\xff", 10))
	require.Equal(t, "né水", clean("né水", 3), "what is printable stays")
	require.Equal(t, "abc… (2 more bytes not shown)", clean("abcde", 3))
}

// A command that was broken over lines is the same command to a shell.
func TestCommand(t *testing.T) {
	lines := command("cleave run --name 'two words' --seed 7", 20)
	require.Equal(t, []string{"cleave run --name \\", "    'two words' \\", "    --seed 7"}, lines)
	require.Equal(t, []string{"cleave run"}, command("cleave run", 20))
}

func TestWrap(t *testing.T) {
	require.Equal(t, []string{"one two", "three", "abcdefgh", "ij kl"}, wrap("one two three abcdefghij kl", 8))
}

func TestFitCountsColumns(t *testing.T) {
	require.Equal(t, 6, cells("水水ab"))
	require.Equal(t, "水… ", fit("水水水水", 4), "half of a wide character is not shown")
	require.Equal(t, "  ab", columnOf("ab", 4))
}

func faultEvent(at history.Time, id int, stage history.Stage) history.Event {
	return history.Event{Time: at, Type: history.FaultEvent, Fault: &history.Fault{ID: id, Kind: "flapping", Stage: stage, Links: 2, Dropped: int64(at)}}
}

// fault 0  |##--##--|
// fault 1      |########  (never ends)
func TestWindowsOfFlappingFaults(t *testing.T) {
	events := []history.Event{faultEvent(10, 0, history.FaultStart), faultEvent(20, 0, history.FaultChange), faultEvent(25, 1, history.FaultStart),
		faultEvent(30, 0, history.FaultChange), faultEvent(40, 0, history.FaultChange), faultEvent(50, 0, history.FaultEnd),
		{Time: 60, Type: history.PhaseEvent, Phase: history.Quiet}}
	for i := range events {
		events[i].Index = i
	}
	h, err := history.New(events)
	require.NoError(t, err)
	windows := windowsOf(h)
	require.Len(t, windows, 2)
	require.Equal(t, []interval{{10, 20}, {30, 40}}, windows[0].on)
	require.Equal(t, history.Time(50), windows[0].end)
	require.EqualValues(t, 50, windows[0].last.Dropped)
	require.Equal(t, []interval{{25, 60}}, windows[1].on)
	require.False(t, windows[1].ended)
	rows, count := lanes(windows)
	require.Equal(t, []int{0, 1}, rows)
	require.Equal(t, 2, count)
}

// The order of the picture of a witness is the order of time, and equal times are at one place.
func TestWitnessTimeKeepsTheOrder(t *testing.T) {
	w := newWitnessTime([]history.Operation{{Invoked: 5, Completed: 9e9}, {Invoked: 9e9, Completed: history.Forever}, {Invoked: 7, Completed: 8}})
	require.Less(t, w.x(1), w.x(6))
	last := 0.0
	for _, at := range []history.Time{5, 6, 7, 8, 4e9, 9e9, 10e9} {
		require.Greater(t, w.x(at), last, "at %d", at)
		last = w.x(at)
	}
}

func TestContradicting(t *testing.T) {
	operations := []history.Operation{{ID: 1, Function: history.Write, Outcome: history.Ok, Completed: 9},
		{ID: 2, Function: history.Read, Outcome: history.Ok, Completed: 3},
		{ID: 3, Function: history.Read, Outcome: history.Ok, Completed: 5}}
	require.Equal(t, 3, contradicting(&checker.Witness{Operations: operations}), "the last answer")
	require.Equal(t, 2, contradicting(&checker.Witness{Operations: operations, Explanation: []string{"a", "b, but c", "d"}}),
		"the one that the explanation names")
	require.Equal(t, -1, contradicting(&checker.Witness{}))
}

// words are the texts of a pictogram, with a wall as "|" and a line as "-".
func words(d *drawing) string {
	var out []string
	for _, shape := range d.Shapes {
		switch {
		case shape.Kind == "text":
			out = append(out, shape.Text)
		case shape.Class == "wall":
			out = append(out, "|")
		case shape.Class == "lossy":
			out = append(out, "~")
		case shape.Class == "sees":
			out = append(out, "-")
		case shape.Class == "gone":
			out = append(out, "gone:")
		}
	}
	return strings.Join(out, " ")
}

func TestPictogram(t *testing.T) {
	for picture, seen := range map[string]string{
		"n1 n2 | n3":                    "n1 n2 | n3",
		"n1 n2 - n3":                    "n1 n2 - n3",
		"n1 - n2 - n3 - n1":             "n1 - n2 - n3 - - -", // three more lines close the ring
		"n1 (n2 down)":                  "n1 gone: n2 down",
		"(all down)":                    "gone: all down",
		"n1 | n2, on and off":           "n1 | n2 on and off",
		"n1 ~ n2 ~ n3, a fifth lost":    "n1 ~ n2 ~ n3 a fifth lost",
		"n1 ~50ms~ n2 n3":               "n1 ~ 50ms n2 n3",
		"n1 => n2 x> n3":                "n1 - - n2 - - n3",
		"(n1 full) n2":                  "gone: n1 full n2",
		"(all dark)":                    "gone: all dark",
		"n1 (n2 damaged)":               "n1 gone: n2 damaged",
		"n1 -> others, n1 <-/- others":  "n1 others - - - - - - | |",
		"n1 -/-> others, n1 <- others ": "n1 others - - - | | - - -",
	} {
		require.Equal(t, seen, words(pictogram(picture)), picture)
	}
	require.Nil(t, pictogram(" "))
}

func TestRelative(t *testing.T) {
	for link, want := range map[string]string{"a/b.html": "a/b.html", "../x.html#y": "../x.html#y",
		"HTTP://x": "", "/a": "", "//a": "", "a\\b": "", "javascript:1": ""} {
		require.Equal(t, want, relative(link), link)
	}
}

// Schedules that are not one fault are told as what they are.
func TestFaultWords(t *testing.T) {
	for fault, want := range map[string]string{"": "no fault", "none": "no fault", "file": "the faults of a schedule file", "random": "faults at random",
		"kill-one+loss": "the faults kill-one+loss", "kill-one": "the fault kill-one"} {
		require.Equal(t, want, faultWords(fault))
	}
}
