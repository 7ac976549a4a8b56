package fabric_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/internal/link"
	"cleave/world/docker/fabric"
)

// Two namespaces, a link that is slow one way, and a cut. TestExample runs it, where it can be run.
func Example() {
	s, err := fabric.New(fabric.Options{Seed: 1})
	must(err)
	defer s.Close()
	inside := map[string]*fabric.Namespace{}
	for name, address := range map[string]string{"n1": "10.64.0.1", "n2": "10.64.0.2"} {
		inside[name], err = fabric.NewNamespace() // or fabric.NamespaceOf(a container's process)
		must(err)
		defer inside[name].Close()
		must(s.Attach(inside[name], name, name, netip.MustParseAddr(address)))
	}
	must(inside["n2"].Do(func() error { return greet("10.64.0.2:7001") }))

	s.Disturb("n1", "n2", link.Quality{Latency: link.Spread{Least: 50 * time.Millisecond}})
	began := time.Now()
	socket, err := inside["n1"].Dial(context.Background(), "tcp", "10.64.0.2:7001")
	must(err)
	greeting, err := io.ReadAll(socket)
	must(err)
	fmt.Printf("%s, after more than 50 ms: %v\n", greeting, time.Since(began) > 50*time.Millisecond)

	s.Cut("n1", "n2")
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	_, err = inside["n1"].Dial(ctx, "tcp", "10.64.0.2:7001")
	fmt.Println(errors.Is(err, context.DeadlineExceeded), s.Dropped("n1", "n2") > 0)
	// It prints:
	// hello, after more than 50 ms: true
	// true true
}

// greet says hello to whoever connects.
func greet(address string) error {
	listener, err := net.Listen("tcp4", address)
	if err != nil {
		return err
	}
	go func() {
		for socket, err := listener.Accept(); err == nil; socket, err = listener.Accept() {
			fmt.Fprint(socket, "hello")
			_ = socket.Close()
		}
	}()
	return nil
}

func must(err error) {
	if err != nil {
		panic("example: " + err.Error())
	}
}

func TestExample(t *testing.T) {
	if lacking := fabric.Able(); len(lacking) > 0 {
		t.Skipf("this machine lacks something: %v", lacking)
	}
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	standard := os.Stdout
	os.Stdout = writer
	Example()
	os.Stdout = standard
	require.NoError(t, writer.Close())
	printed, err := io.ReadAll(reader)
	require.NoError(t, err)
	require.Equal(t, "hello, after more than 50 ms: true\ntrue true\n", string(printed))
}
