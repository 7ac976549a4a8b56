package native

import (
	"bytes"
	"io"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// However the bytes come, the lines are the same, and what was read first stays as it was.
func FuzzSplitter(f *testing.F) {
	f.Add([]byte("a\n\nbc\nd"))
	f.Add(bytes.Repeat([]byte("long "), 20_000))
	f.Add(bytes.Repeat([]byte("many\n"), 20_000))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, from := range []io.Reader{bytes.NewReader(text), iotest.HalfReader(bytes.NewReader(text)), iotest.OneByteReader(bytes.NewReader(text))} {
			s := splitter{}
			var lines [][]byte
			total := int64(0)
			for {
				whole, size, err := s.read(from)
				lines = append(lines, whole...)
				total += size
				if err != nil {
					break
				}
			}
			require.GreaterOrEqual(t, total, int64(max(len(text), len(lines)*leastLine)))
			require.Equal(t, string(text), string(bytes.Join(append(lines, s.partial()), []byte("\n"))))
		}
	})
}

// A process that prints faster than it is heard waits; one that nobody hears any more does not.
func TestFunnel(t *testing.T) {
	f := funnel{}
	f.init()
	require.True(t, f.take(unheard))
	heard := make(chan bool)
	go func() { heard <- f.take(1) }()
	f.give(unheard)
	require.True(t, <-heard)
	f.give(1)
	require.True(t, f.take(unheard))
	go func() { heard <- f.take(1) }()
	f.close()
	require.False(t, <-heard)
	require.Nil(t, f.next(nil))
}

func TestLastWords(t *testing.T) {
	for want, lines := range map[string][]string{
		"":                               {""},
		"the end":                        {"hello", "the end", " "},
		"panic: no":                      {"hello", "panic: no", "goroutine 1 [running]:", "main.main()"},
		"java.lang.RuntimeException: ah": {"java.lang.RuntimeException: ah", "  at x"},
		"ERROR: second":                  {"some error: first", "ERROR: second", "bye"},
	} {
		var all [][]byte
		for _, line := range lines {
			all = append(all, []byte(line))
		}
		require.Equal(t, want, wordsOf(all, ""))
	}
	require.Len(t, wordsOf([][]byte{bytes.Repeat([]byte("x"), 1000)}, ""), longestWords)
}

func TestAmount(t *testing.T) {
}
