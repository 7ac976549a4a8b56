package main

import (
	"fmt"
	"io"
	"net/http"
	"time"
)

// lists measures the whole list and the delta, in each form: the first fetch after a change, which the
// node must write out, and those after it.
func lists(s *server, o options) error {
	fmt.Println("\n| list | form | bytes | first ms | median ms | 99 % ms |\n|---|---|---|---|---|---|")
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	for _, path := range []string{"/apps", "/apps/delta"} {
		for _, form := range []struct{ name, accept, coding string }{
			{"JSON", "application/json", "identity"},
			{"JSON, gzip", "application/json", "gzip"},
			{"XML", "application/xml", "identity"},
		} {
			if err := change(s.address); err != nil {
				return err
			}
			var first time.Duration
			var taken []time.Duration
			var size int64
			for i := range o.fetches {
				began := time.Now()
				got, err := fetch(client, "http://"+s.address+"/eureka"+path, form.accept, form.coding)
				if err != nil {
					return err
				}
				if size = got; i == 0 {
					first = time.Since(began)
				} else {
					taken = append(taken, time.Since(began))
				}
			}
			f := summary(taken)
			fmt.Printf("| %s | %s | %d | %.2f | %.2f | %.2f |\n", path, form.name, size, float64(first)/float64(time.Millisecond), f.median, f.late)
		}
	}
	return nil
}

// change has one instance change, and waits until the lists have followed.
func change(address string) error {
	defer time.Sleep(2500 * time.Millisecond)
	return spread(address, 1, func(c *connection, _ int) error {
		app, id := named(0)
		request := fmt.Appendf(nil, "PUT /eureka/apps/%s/%s/metadata?changed=%d HTTP/1.1\r\nHost: x\r\n\r\n", app, id, time.Now().UnixNano())
		return c.do(request, []byte("HTTP/1.1 200"))
	})
}

func fetch(client *http.Client, url, accept, coding string) (int64, error) {
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Accept", accept)
	request.Header.Set("Accept-Encoding", coding)
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("%s answers %s", url, response.Status)
	}
	return io.Copy(io.Discard, response.Body)
}
