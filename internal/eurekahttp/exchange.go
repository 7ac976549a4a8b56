package eurekahttp

import (
	"bytes"
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"strconv"
	"strings"

	"cleave/systems/apregistry"
	"cleave/systems/eurekawire"
)

// Where nodes of the same kind, and no other, exchange what they have. The body is the message as it is.
const (
	exchangePath        = "/peerreplication/exchange"
	exchangePathNetflix = eurekawire.BaseNetflix + exchangePath
	exchangePathSpring  = eurekawire.BaseSpring + exchangePath
	binaryType          = "application/octet-stream"
)

// mostAnswer bounds an answer, in bytes: a registry of a hundred thousand instances.
const mostAnswer = 256 << 20

// Exchange carries a message to a Eureka server, ours or another, and brings the message that answers
// it: Eureka's request in JSON to a base such as "http://10.0.0.2:8761/eureka". It is what world/host
// wants of an Exchange. An error is of the network, or an answer that is none of Eureka's; a refusal is
// an answer.
func Exchange(ctx context.Context, client *http.Client, base string, message []byte) ([]byte, error) {
	number, r, err := apregistry.DecodeRequest(message)
	if err != nil {
		return nil, err
	}
	request, err := requestOf(ctx, strings.TrimSuffix(base, "/"), &r, message)
	if err != nil {
		return nil, err
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, mostAnswer+1))
	switch {
	case err != nil:
		return nil, err
	case len(body) > mostAnswer:
		return nil, fmt.Errorf("an answer of more than %d bytes", mostAnswer)
	case r.Action == apregistry.ActionExchange && response.StatusCode == http.StatusOK:
		return body, nil
	}
	answer, err := answerOf(&r, response, body)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", request.Method, request.URL, err)
	}
	return answer.Append(number, nil), nil
}

// requestOf writes a request for HTTP.
func requestOf(ctx context.Context, base string, r *apregistry.Request, message []byte) (*http.Request, error) {
	call, body, kind := callOf(r)
	method, target := http.MethodPost, base+exchangePath
	if r.Action == apregistry.ActionExchange {
		body, kind = message, binaryType
	} else {
		var path, query string
		method, path, query = call.Target()
		target = base + strings.TrimPrefix(path, eurekawire.BaseNetflix)
		if query != "" {
			target += "?" + query
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, target, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	request.Header.Set("Accept", eurekawire.JSON.ContentType())
	if r.Replicated {
		request.Header.Set(replicationHeader, "true")
	}
	return request, nil
}

// callOf is the call of a request, and its body with its type.
func callOf(r *apregistry.Request) (call eurekawire.Call, body []byte, kind string) {
	call = eurekawire.Call{Base: eurekawire.BaseNetflix, App: r.App, ID: r.ID}
	kind = eurekawire.JSON.ContentType()
	switch r.Action {
	case apregistry.ActionRegister:
		call.Kind, call.App = eurekawire.Register, r.Instance.App
		return call, r.Instance.Encode(eurekawire.JSON), kind
	case apregistry.ActionBatch:
		call.Kind = eurekawire.ReplicateBatch
		return call, eurekawire.EncodeReplications(replications(r.Tasks)), kind
	case apregistry.ActionRenew:
		call.Kind, call.Overridden, call.Status = eurekawire.Renew, named(r.Overridden), named(r.Status)
	case apregistry.ActionCancel:
		call.Kind = eurekawire.Cancel
	case apregistry.ActionSetStatus:
		call.Kind, call.Value = eurekawire.OverrideStatus, string(r.Status)
	case apregistry.ActionDeleteStatus:
		call.Kind, call.Value = eurekawire.RemoveOverride, named(r.Status)
	case apregistry.ActionSetMetadata:
		call.Kind, call.Metadata = eurekawire.PutMetadata, r.Metadata
	case apregistry.ActionGetInstance:
		call.Kind = eurekawire.ReadInstance
	case apregistry.ActionGetByID:
		call.Kind = eurekawire.ReadByID
	case apregistry.ActionGetApp:
		call.Kind = eurekawire.ReadApp
	case apregistry.ActionGetDelta:
		call.Kind = eurekawire.ListDelta
	case apregistry.ActionGetVIP:
		call.Kind, call.VIP = eurekawire.ReadVIP, r.App
	case apregistry.ActionGetSecureVIP:
		call.Kind, call.VIP = eurekawire.ReadSecureVIP, r.App
	default:
		call.Kind = eurekawire.ListAll
	}
	call.Dirty, call.LastDirty = r.Stamped, r.LastDirty
	return call, nil, ""
}

// named is a status as it is written where none is written as nothing.
func named(status eurekawire.Status) string {
	if status == eurekawire.Unknown {
		return ""
	}
	return string(status)
}

func replications(tasks []apregistry.Request) []eurekawire.Replication {
	list := make([]eurekawire.Replication, len(tasks))
	for i := range tasks {
		t := &tasks[i]
		list[i] = eurekawire.Replication{App: t.App, ID: t.ID, LastDirty: t.LastDirty, Instance: t.Instance,
			Status: eurekawire.Status(named(t.Status)), Overridden: eurekawire.Status(named(t.Overridden))}
		switch t.Action {
		case apregistry.ActionRegister:
			list[i].Action, list[i].Status = eurekawire.ActionRegister, t.Instance.Status
		case apregistry.ActionRenew:
			list[i].Action = eurekawire.ActionHeartbeat
		case apregistry.ActionCancel:
			list[i].Action = eurekawire.ActionCancel
		case apregistry.ActionSetStatus:
			list[i].Action, list[i].Status = eurekawire.ActionStatusUpdate, t.Status
		case apregistry.ActionDeleteStatus:
			list[i].Action = eurekawire.ActionDeleteStatusOverride
		}
	}
	return list
}

// answerOf reads a response.
func answerOf(r *apregistry.Request, response *http.Response, body []byte) (apregistry.Response, error) {
	answer := apregistry.Response{Code: response.StatusCode}
	format := eurekawire.BodyFormat(response.Header.Get("Content-Type"), body)
	switch {
	case answer.Code == http.StatusConflict && r.Action == apregistry.ActionRenew:
		instance, err := eurekawire.DecodeInstance(format, body)
		answer.Instances = []eurekawire.Instance{instance}
		return answer, err
	case answer.Code != http.StatusOK:
		if answer.Code >= http.StatusBadRequest {
			answer.Message = fmt.Sprintf("%.200s", strings.ToValidUTF8(strings.TrimSpace(string(body[:min(len(body), 1000)])), "?"))
		}
		return answer, nil
	}
	switch r.Action {
	case apregistry.ActionBatch:
		return answer, readResults(&answer, body)
	case apregistry.ActionGetInstance, apregistry.ActionGetByID:
		instance, err := eurekawire.DecodeInstance(format, body)
		answer.Instances = []eurekawire.Instance{instance}
		return answer, err
	case apregistry.ActionGetApp:
		app, err := eurekawire.DecodeApplication(format, body)
		answer.Instances, answer.Version = app.Instances, fingerprint(body)
		return answer, err
	case apregistry.ActionGetAll, apregistry.ActionGetDelta, apregistry.ActionGetVIP, apregistry.ActionGetSecureVIP:
		return answer, readList(&answer, format, body)
	}
	return answer, nil
}

func readResults(answer *apregistry.Response, body []byte) error {
	results, err := eurekawire.DecodeResults(body)
	answer.Results = make([]apregistry.Response, len(results))
	for i := range results {
		answer.Results[i].Code = results[i].Code
		if results[i].Code < 100 || results[i].Code > 599 {
			return fmt.Errorf("a result of code %d", results[i].Code)
		}
		if results[i].Instance != nil {
			answer.Results[i].Instances = []eurekawire.Instance{*results[i].Instance}
		}
	}
	return err
}

func readList(answer *apregistry.Response, format eurekawire.Format, body []byte) error {
	all, err := eurekawire.DecodeApplications(format, body)
	if err != nil {
		return err
	}
	for i := range all.Applications {
		answer.Instances = append(answer.Instances, all.Applications[i].Instances...)
	}
	answer.Version, answer.Hash = fingerprint(body), all.Hash
	answer.Delta, _ = strconv.ParseUint(all.Version, 10, 64) // some servers have another kind of text there: 0
	return nil
}

// fingerprint is a version of a list for one that has none: another for every other content, never 0.
func fingerprint(body []byte) uint64 {
	hash := fnv.New64a()
	_, _ = hash.Write(body) // never fails
	return max(hash.Sum64(), 1)
}
