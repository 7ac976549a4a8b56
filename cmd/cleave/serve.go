package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	escape "net/url"
	"time"

	"github.com/spf13/cobra"

	"cleave/reports/serve"
)

// serveOptions are serve's flags.
type serveOptions struct{ store, listen, token string }

func serveCommand(s screen) *cobra.Command {
	options := serveOptions{store: "store", listen: "127.0.0.1:8080"}
	command := &cobra.Command{
		Use:   "serve",
		Short: "Show a store as a page: search, sort, filter, compare two runs, delete, and see what is under way",
		Long: "Show a store as a page, for the browser of this machine alone. Elsewhere, as with --listen 0.0.0.0:8080, a token is\n" +
			"needed: that of --token, or one that is made up and printed. The page speaks plain HTTP: over a network that others can\n" +
			"listen on, put it behind something that speaks TLS, or use ssh -L 8080:127.0.0.1:8080.",
		Example: "  cleave serve\n  cleave serve --store /var/lib/cleave --listen 0.0.0.0:8080",
		Args:    cobra.NoArgs,
		RunE:    func(command *cobra.Command, _ []string) error { return s.serve(command.Context(), options) },
	}
	command.Flags().StringVar(&options.store, "store", options.store, "the store to show")
	command.Flags().StringVar(&options.listen, "listen", options.listen, "address and port; port 0 for any that is free")
	command.Flags().StringVar(&options.token, "token", "",
		"what a browser must show, 16 characters at least (default: none on loopback, elsewhere one that is made up)")
	return command
}

// leastToken is how long a token is that nobody guesses.
const leastToken = 16

func (s screen) serve(ctx context.Context, options serveOptions) error {
	if options.token != "" && len(options.token) < leastToken {
		return bad(fmt.Errorf("--token: %d characters; there must be %d at least", len(options.token), leastToken))
	}
	listener, err := net.Listen("tcp", options.listen)
	if err != nil {
		return bad(fmt.Errorf("--listen: %w", err))
	}
	address, err := netip.ParseAddrPort(listener.Addr().String())
	if err != nil {
		return broken(err)
	}
	if options.token == "" && !address.Addr().IsLoopback() {
		options.token = rand.Text()
	}
	host, _, _ := net.SplitHostPort(options.listen) // it was good enough to listen on
	server, err := serve.Open(serve.Options{Store: options.store, Token: options.token, Name: host})
	if err != nil {
		_ = listener.Close() // nobody has come
		return bad(fmt.Errorf("--store: %w", err))
	}
	s.announce(host, address, options)
	return s.untilStopped(ctx, server, listener)
}

// announce prints the address to open.
func (s screen) announce(host string, address netip.AddrPort, options serveOptions) {
	if host == "" || address.Addr().IsUnspecified() {
		host = "127.0.0.1"
	}
	url := fmt.Sprintf("http://%s/", net.JoinHostPort(host, fmt.Sprint(address.Port())))
	if options.token != "" {
		url += "?token=" + escape.QueryEscape(options.token)
	}
	fmt.Fprintf(s.out, "%s shows %s; end it with Ctrl-C\n", url, options.store)
	if options.token != "" && address.Addr().IsUnspecified() {
		fmt.Fprintln(s.out, "from another machine, with an address of this one in place of 127.0.0.1; whoever has the token can read and delete")
	}
}

// untilStopped serves until the context ends, and then lets answers under way come to their end.
func (s screen) untilStopped(ctx context.Context, server *serve.Server, listener net.Listener) error {
	web := &http.Server{Handler: server, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute}
	web.RegisterOnShutdown(server.End)
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		const patience = 5 * time.Second
		last, done := context.WithTimeout(context.Background(), patience)
		defer done()
		stopped <- web.Shutdown(last)
	})
	defer stop()
	if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return broken(errors.Join(err, server.Close()))
	}
	return broken(errors.Join(<-stopped, server.Close()))
}
