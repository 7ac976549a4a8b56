package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"
)

// figures are what a load came to.
type figures struct{ rate, median, late float64 }

const registration = `{"instance":{"instanceId":"%[2]s","hostName":"%[2]s.example.internal","app":"%[1]s","ipAddr":"10.0.0.1",` +
	`"vipAddress":"%[1]s","secureVipAddress":"%[1]s","status":"UP","port":{"$":8080,"@enabled":"true"},"securePort":{"$":443,"@enabled":"false"},` +
	`"homePageUrl":"http://%[2]s.example.internal:8080/","statusPageUrl":"http://%[2]s.example.internal:8080/info",` +
	`"healthCheckUrl":"http://%[2]s.example.internal:8080/health","countryId":1,` +
	`"dataCenterInfo":{"@class":"com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo","name":"MyOwn"},` +
	`"leaseInfo":{"renewalIntervalInSecs":30,"durationInSecs":90},"metadata":{"zone":"z1","management.port":"8081"}}}`

// named is the app and the id of an instance: a hundred in each app.
func named(i int) (app, id string) {
	return fmt.Sprintf("APP%d", i/100), fmt.Sprintf("host%d:app%d:8080", i, i/100)
}

// connection sends one request at a time. A client of net/http would cost more than the server.
type connection struct {
	socket net.Conn
	in     *bufio.Reader
}

func connect(address string) (*connection, error) {
	socket, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &connection{socket, bufio.NewReader(socket)}, nil
}

// do sends a request and wants an answer that begins with a code and has no body.
func (c *connection) do(request, code []byte) error {
	if _, err := c.socket.Write(request); err != nil {
		return err
	}
	for first := true; ; first = false {
		line, err := c.in.ReadSlice('\n')
		switch {
		case err != nil:
			return err
		case first && !bytes.HasPrefix(line, code):
			return fmt.Errorf("the answer to %.80q is %q", request, line)
		case len(line) == 2:
			return nil
		}
	}
}

func registerAll(address string, instances int) error {
	return spread(address, 16, func(c *connection, place int) error {
		for i := place; i < instances; i += 16 {
			app, id := named(i)
			body := fmt.Sprintf(registration, app, id)
			request := fmt.Appendf(nil, "POST /eureka/apps/%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
				app, len(body), body)
			if err := c.do(request, []byte("HTTP/1.1 204")); err != nil {
				return err
			}
		}
		return nil
	})
}

// spread does something on so many connections at once.
func spread(address string, connections int, work func(c *connection, place int) error) error {
	errs := make([]error, connections)
	var group sync.WaitGroup
	for place := range connections {
		c, err := connect(address)
		if err != nil {
			return err
		}
		defer c.socket.Close()
		group.Go(func() { errs[place] = work(c, place) })
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// heartbeats sends heartbeats for a time, all connections together so many a second, or as fast as they
// are answered if the rate is 0.
func heartbeats(address string, instances, connections int, rate float64, lasts time.Duration) (figures, error) {
	requests := make([][]byte, instances)
	for i := range requests {
		app, id := named(i)
		requests[i] = fmt.Appendf(nil, "PUT /eureka/apps/%s/%s?status=UP HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n\r\n", app, id)
	}
	began := time.Now()
	taken := make([][]time.Duration, connections)
	err := spread(address, connections, func(c *connection, place int) error {
		for i := place; ; i += connections {
			if rate > 0 {
				time.Sleep(time.Until(began.Add(time.Duration(float64(i) / rate * float64(time.Second)))))
			}
			sent := time.Now()
			if sent.Sub(began) > lasts {
				return nil
			}
			if err := c.do(requests[i%instances], []byte("HTTP/1.1 200")); err != nil {
				return err
			}
			taken[place] = append(taken[place], time.Since(sent))
		}
	})
	spent := time.Since(began)
	all := slices.Concat(taken...)
	f := summary(all)
	f.rate = float64(len(all)) / spent.Seconds()
	return f, err
}

func summary(all []time.Duration) figures {
	if len(all) == 0 {
		return figures{}
	}
	slices.Sort(all)
	milliseconds := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	return figures{median: milliseconds(all[len(all)/2]), late: milliseconds(all[len(all)*99/100])}
}
