package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// served runs serve until the test ends, and gives the address that it prints.
func served(t *testing.T, arguments ...string) (address string, end func() int) {
	t.Helper()
	reader, writer := io.Pipe()
	ctx, stop := context.WithCancel(context.Background())
	code := make(chan int, 1)
	go func() {
		code <- execute(ctx, append([]string{"serve", "--store", t.TempDir()}, arguments...), writer, writer)
		_ = writer.Close() // there is nobody who could not be told
	}()
	lines := bufio.NewScanner(reader)
	require.True(t, lines.Scan())
	address, _, _ = strings.Cut(lines.Text(), " ")
	go func() { _, _ = io.Copy(io.Discard, reader) }() // the rest is of no interest
	return address, func() int {
		stop()
		select {
		case ended := <-code:
			return ended
		case <-time.After(20 * time.Second):
			t.Fatal("it does not end")
			return 0
		}
	}
}

// statusOf gives the status of an answer, following redirects with cookies.
func statusOf(t *testing.T, address string) int {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	answer, err := (&http.Client{Timeout: 10 * time.Second, Jar: jar}).Get(address)
	require.NoError(t, err)
	defer answer.Body.Close()
	return answer.StatusCode
}

// Served on loopback, and ended in good order though a page listens.
func TestServe(t *testing.T) {
	address, end := served(t, "--listen", "127.0.0.1:0")
	require.Regexp(t, `^http://127\.0\.0\.1:\d+/$`, address)
	require.Equal(t, http.StatusOK, statusOf(t, address))
	listening, err := http.Get(address + "live")
	require.NoError(t, err)
	defer listening.Body.Close()
	require.Zero(t, end())
	_, err = io.Copy(io.Discard, listening.Body)
	require.NoError(t, err)
	_, err = http.Get(address)
	require.Error(t, err, "nobody is there any more")
}

// Elsewhere a token is needed; one is made up if none is given.
func TestServeElsewhere(t *testing.T) {
	address, end := served(t, "--listen", "0.0.0.0:0")
	found := regexp.MustCompile(`^(http://127\.0\.0\.1:\d+/)\?token=(\w{20,})$`).FindStringSubmatch(address)
	require.NotNil(t, found, address)
	require.Equal(t, http.StatusUnauthorized, statusOf(t, found[1]))
	require.Equal(t, http.StatusUnauthorized, statusOf(t, found[1]+"?token=0"+found[2]))
	require.Equal(t, http.StatusOK, statusOf(t, address))
	require.Zero(t, end())

	address, end = served(t, "--listen", "127.0.0.1:0", "--token", "sixteen characters"[:16])
	require.Equal(t, http.StatusUnauthorized, statusOf(t, strings.Split(address, "?")[0]))
	require.Zero(t, end())
}

func TestServeBadly(t *testing.T) {
	for _, wrong := range [][]string{{"--listen", "nonsense"}, {"--listen", "127.0.0.1:99999"}, {"--token", "short"},
		{"--store", t.TempDir() + "/none", "--listen", "127.0.0.1:0"}} {
		code, _, errs := cleave(append([]string{"serve"}, wrong...)...)
		require.Equal(t, exitUsage, code, errs)
		require.Contains(t, errs, wrong[0])
	}
}
