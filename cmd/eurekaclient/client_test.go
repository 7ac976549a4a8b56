package eurekaclient

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/internal/eurekahttp"
	"cleave/systems/apregistry"
	"cleave/systems/eurekawire"
	"cleave/world"
	"cleave/world/host"
)

// server is a node of the registry behind Eureka's REST interface.
type server struct {
	url  string
	stop func()
}

// quick are a registry's options at a three-hundredth of Eureka's times.
var quick = apregistry.DefaultOptions().Scaled(300)

// serve runs a server, at an address or at one that is free.
func serve(t *testing.T, address string) *server {
	node := apregistry.System(quick).Node("n1", world.Cluster{Nodes: []string{"n1"}})
	ready, ended := make(chan host.Addresses, 1), make(chan error, 1)
	ctx, cancel := context.WithCancel(context.Background())
	options := host.Options{Name: "n1", Process: node, DataDir: t.TempDir(), SkipSync: true,
		Ready: func(a host.Addresses) { ready <- a },
		HTTP: &host.HTTP{Listen: []string{address}, Handler: func(ask host.Ask) http.Handler {
			return eurekahttp.New(eurekahttp.Options{Name: "n1"}, eurekahttp.Ask(ask))
		}},
	}
	go func() { ended <- host.Run(ctx, options) }()
	select {
	case addresses := <-ready:
		s := &server{url: "http://" + addresses.HTTP[0] + "/eureka/v2"}
		s.stop = sync.OnceFunc(func() {
			cancel()
			require.NoError(t, <-ended)
		})
		t.Cleanup(s.stop)
		return s
	case err := <-ended:
		cancel()
		require.FailNow(t, "the server did not start", err)
		return nil
	}
}

// hurried makes a client's times a three-hundredth of Eureka's too.
func hurried(o *apregistry.ClientOptions) {
	o.HeartbeatInterval, o.FetchInterval, o.InfoInterval = 100*time.Millisecond, 100*time.Millisecond, 100*time.Millisecond
	o.InfoDelay, o.Quarantine, o.AttemptTimeout = 130*time.Millisecond, 200*time.Millisecond, time.Second
}

func start(t *testing.T, options Options) *Client {
	options.Tune = hurried
	client, err := Start(options)
	require.NoError(t, err)
	t.Cleanup(func() { shut(client) })
	return client
}

// shut closes a client and gives it little time, as there may be no server.
func shut(c *Client) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	_ = c.Close(ctx)
}

func soon(t *testing.T, what string, holds func() bool) {
	t.Helper()
	require.Eventually(t, holds, 10*time.Second, 5*time.Millisecond, what)
}

func ids(instances []eurekawire.Instance) []string {
	list := []string{}
	for i := range instances {
		list = append(list, instances[i].ID())
	}
	return list
}

func orders(id string) eurekawire.Instance {
	return eurekawire.Instance{App: "orders", InstanceID: id, HostName: "localhost", Metadata: []eurekawire.Pair{{Key: "k", Value: "v"}}}
}

func TestAnInstanceComesChangesAndGoes(t *testing.T) {
	s := serve(t, "127.0.0.1:0")
	provider, consumer := start(t, Options{Servers: []Server{{URL: s.url}}}), start(t, Options{Servers: []Server{{URL: s.url + "/"}}})
	require.NoError(t, provider.Register(orders("o1")))
	require.NoError(t, provider.Register(orders("o2")))
	soon(t, "registered", func() bool { return provider.Registered("ORDERS", "o1") && provider.Registered("orders", "o2") })
	soon(t, "listed", func() bool { return len(consumer.Up("orders")) == 2 })
	found := consumer.Up("ORDERS")[0]
	require.Equal(t, "localhost", found.IPAddr)
	require.Equal(t, "orders", found.VIP)
	require.Equal(t, []eurekawire.Pair{{Key: "k", Value: "v"}}, found.Metadata)

	require.NoError(t, provider.SetStatus("orders", "o1", eurekawire.Down))
	soon(t, "down", func() bool { return len(consumer.Up("orders")) == 1 })
	require.Len(t, consumer.Listing().App("ORDERS"), 2)
	changed := orders("o2")
	changed.Metadata[0].Value = "w"
	require.NoError(t, provider.Update(changed))
	soon(t, "changed", func() bool { up := consumer.Up("orders"); return len(up) == 1 && up[0].Metadata[0].Value == "w" })

	require.NoError(t, provider.Deregister(context.Background(), "orders", "o1"))
	soon(t, "gone", func() bool { return len(consumer.Listing().App("ORDERS")) == 1 })
	require.NoError(t, provider.Close(context.Background()))
	require.NoError(t, provider.Close(context.Background()), "once more")
	soon(t, "all gone", func() bool { return consumer.Listing().Len() == 0 })
	require.ErrorIs(t, provider.Register(orders("o1")), ErrClosed)
	require.ErrorIs(t, provider.Deregister(context.Background(), "orders", "o1"), ErrClosed)
}

// A server that has forgotten everybody learns of them from their heartbeats, and consumers keep what they
// have while it is away.
func TestServersComeBackWithoutMemory(t *testing.T) {
	s := serve(t, "127.0.0.1:0")
	folder := t.TempDir()
	client := start(t, Options{Servers: []Server{{URL: s.url}}, CacheDir: folder})
	require.NoError(t, client.Register(orders("o1")))
	soon(t, "listed", func() bool { return len(client.Up("orders")) == 1 })
	s.stop()
	before, _ := client.Age()
	soon(t, "older", func() bool { age, known := client.Age(); return known && age > before+500*time.Millisecond })
	require.Equal(t, []string{"o1"}, ids(client.Up("orders")), "no server, and an answer")
	require.ErrorIs(t, client.Deregister(context.Background(), "orders", "none"), ErrNoServer)

	late := start(t, Options{Servers: []Server{{URL: s.url}}})
	short, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, late.Wait(short), context.DeadlineExceeded, "a client that starts now has nothing")
	require.False(t, late.Listing().Known())
	_, known := late.Age()
	require.False(t, known)

	address := s.url[len("http://") : len(s.url)-len("/eureka/v2")]
	back := serve(t, address)
	require.Equal(t, s.url, back.url)
	require.NoError(t, late.Wait(context.Background()))
	soon(t, "registered again", func() bool { return len(late.Up("orders")) == 1 })
}

func TestAFileIsEnoughToBegin(t *testing.T) {
	s := serve(t, "127.0.0.1:0")
	folder := t.TempDir()
	first := start(t, Options{Servers: []Server{{URL: s.url}}, CacheDir: folder})
	other := start(t, Options{Servers: []Server{{URL: s.url}}})
	require.NoError(t, other.Register(orders("o1")))
	soon(t, "listed", func() bool { return len(first.Up("orders")) == 1 })
	shut(first)
	s.stop()
	second := start(t, Options{Servers: []Server{{URL: s.url}}, CacheDir: folder})
	require.NoError(t, second.Wait(context.Background()))
	require.Equal(t, []string{"o1"}, ids(second.Up("orders")))
	_, err := Start(Options{Servers: []Server{{URL: s.url}}, CacheDir: folder})
	require.Error(t, err, "two clients share no folder")
}

// The second server is asked when nobody listens at the first.
func TestAnotherServerIsAsked(t *testing.T) {
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, nobody.Close())
	s := serve(t, "127.0.0.1:0")
	client := start(t, Options{Servers: []Server{{URL: "http://" + nobody.Addr().String() + "/eureka"}, {URL: s.url}}})
	require.NoError(t, client.Register(orders("o1")))
	soon(t, "listed", func() bool { return len(client.Up("orders")) == 1 })
}

func TestManyGoroutines(t *testing.T) {
	s := serve(t, "127.0.0.1:0")
	client := start(t, Options{Servers: []Server{{URL: s.url}}})
	var group sync.WaitGroup
	for _, id := range []string{"a", "b", "c", "d"} {
		group.Go(func() {
			if client.Register(orders(id)) != nil {
				return
			}
			for range 20 {
				client.Up("orders")
				client.Age()
				_ = client.SetStatus("orders", id, eurekawire.Up)
			}
		})
	}
	group.Wait()
	soon(t, "listed", func() bool { return len(client.Up("orders")) == 4 })
}

func TestBadOptionsAndInstances(t *testing.T) {
	for _, options := range []Options{
		{}, {Servers: []Server{{}}}, {Servers: []Server{{URL: "not a url"}}}, {Servers: []Server{{URL: "ftp://h/eureka"}}},
		{Servers: []Server{{URL: "http://h/eureka"}}, Tune: func(o *apregistry.ClientOptions) { o.Attempts = 0 }},
		{Servers: []Server{{URL: "http://h/eureka"}}, Tune: func(o *apregistry.ClientOptions) { o.FetchInterval = 0 }},
	} {
		_, err := Start(options)
		require.Error(t, err)
	}
	client := start(t, Options{Servers: []Server{{URL: "http://127.0.0.1:1/eureka"}}})
	require.Error(t, client.Register(eurekawire.Instance{App: "orders"}), "no host name")
	require.Error(t, client.Register(eurekawire.Instance{HostName: "h"}), "no app")
	require.ErrorIs(t, client.Update(orders("o1")), ErrUnknown)
	require.ErrorIs(t, client.SetStatus("orders", "o1", eurekawire.Up), ErrUnknown)
	require.False(t, client.Registered("orders", "o1"))
}
