// Command client is a client of etcd for cleave: it reads operations as lines of JSON, asks the address that each
// names, and writes what became of them.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"
)

type operation struct {
	ID      int64           `json:"id"`
	F       string          `json:"f"`
	Key     string          `json:"key"`
	Value   json.RawMessage `json:"value"`
	Address string          `json:"address"`
}

type completion struct {
	ID    int64  `json:"id"`
	Type  string `json:"type"`
	Value any    `json:"value,omitempty"`
	Error string `json:"error,omitempty"`
}

var client = http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}

func main() {
	lines, out := bufio.NewScanner(os.Stdin), json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var o operation
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			fmt.Fprintln(os.Stderr, "client:", err)
			os.Exit(1)
		}
		c := do(o)
		c.ID = o.ID
		_ = out.Encode(c)
	}
}

func do(o operation) completion {
	key := []byte(o.Key)
	switch o.F {
	case "read":
		var answer struct{ Kvs []struct{ Value []byte } }
		if failed := post(o.Address, "range", map[string]any{"key": key}, &answer); failed != nil {
			return *failed
		}
		if len(answer.Kvs) == 0 {
			return completion{Type: "ok"}
		}
		return completion{Type: "ok", Value: json.RawMessage(answer.Kvs[0].Value)}
	case "write":
		if failed := post(o.Address, "put", map[string]any{"key": key, "value": []byte(o.Value)}, &struct{}{}); failed != nil {
			return *failed
		}
		return completion{Type: "ok"}
	case "cas":
		var change [2]json.RawMessage
		if json.Unmarshal(o.Value, &change) != nil {
			return completion{Type: "fail", Error: "bad request"}
		}
		compare := map[string]any{"key": key, "target": "VALUE", "value": []byte(change[0])}
		if string(change[0]) == "null" {
			compare = map[string]any{"key": key, "target": "VERSION", "version": "0"}
		}
		put := map[string]any{"requestPut": map[string]any{"key": key, "value": []byte(change[1])}}
		var answer struct{ Succeeded bool }
		if failed := post(o.Address, "txn", map[string]any{"compare": []any{compare}, "success": []any{put}}, &answer); failed != nil {
			return *failed
		}
		if !answer.Succeeded {
			return completion{Type: "fail", Error: "value differs"}
		}
		return completion{Type: "ok"}
	}
	return completion{Type: "fail", Error: "unsupported"}
}

// post asks etcd's gateway. What it gives is not nil if there is no answer to go by.
func post(address, what string, question, answer any) *completion {
	body, err := json.Marshal(question)
	if err != nil {
		return &completion{Type: "fail", Error: "bad request"}
	}
	response, err := client.Post("http://"+address+"/v3/kv/"+what, "application/json", bytes.NewReader(body))
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		return &completion{Type: "fail", Error: "no connection"} // nothing was sent
	}
	if err != nil {
		return &completion{Type: "info", Error: "connection lost"}
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK || json.NewDecoder(response.Body).Decode(answer) != nil {
		return &completion{Type: "info", Error: response.Status}
	}
	return nil
}
