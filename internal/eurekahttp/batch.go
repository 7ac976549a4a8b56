package eurekahttp

import (
	"context"
	"fmt"
	"net/http"

	"cleave/systems/apregistry"
	"cleave/systems/eurekawire"
)

// mostTasks is far above what Eureka puts into a batch, which is 250.
const mostTasks = 10_000

// batch takes the tasks of a peer. What is wrong with one costs that one.
func (c *conversation) batch() {
	body, err := c.read(c.handler.options.MaxBatch, "json")
	if err != nil {
		c.fail(err)
		return
	}
	replications, err := eurekawire.DecodeReplications(body)
	if err == nil && len(replications) > mostTasks {
		err = &eurekawire.Error{Code: http.StatusRequestEntityTooLarge, Message: fmt.Sprintf("a batch of more than %d tasks", mostTasks)}
	}
	if err != nil {
		c.fail(err)
		return
	}
	r := &apregistry.Request{Action: apregistry.ActionBatch, Replicated: true}
	results := make([]eurekawire.ReplicationResult, len(replications))
	var places []int // of the tasks among the results
	for i := range replications {
		task, code := c.task(&replications[i])
		if results[i].Code = code; code == 0 {
			r.Tasks, places = append(r.Tasks, task), append(places, i)
		}
	}
	answer, ok := c.put(r)
	if !ok {
		return
	}
	if answer.Code != http.StatusOK || len(answer.Results) != len(places) {
		c.conclude(&answer)
		return
	}
	for at, i := range places {
		result := &answer.Results[at]
		if results[i].Code = result.Code; replications[i].Action == eurekawire.ActionRegister {
			results[i].Code = http.StatusOK // whatever became of it
		}
		if len(result.Instances) == 1 {
			results[i].Instance = &result.Instances[0]
		}
	}
	c.writer.Header().Set("Content-Type", eurekawire.JSON.ContentType())
	c.body(http.StatusOK, eurekawire.EncodeResults(results))
}

// task is what a replication asks of the node, or the code that answers it.
func (c *conversation) task(r *eurekawire.Replication) (apregistry.Request, int) {
	task := apregistry.Request{App: r.App, ID: r.ID, Status: r.Status, Overridden: r.Overridden,
		LastDirty: r.LastDirty, Stamped: r.LastDirty != 0, Replicated: true}
	switch r.Action {
	case eurekawire.ActionRegister:
		if r.Instance == nil {
			return task, http.StatusInternalServerError
		}
		if r.Instance.Validate(r.App) != nil {
			return task, http.StatusOK
		}
		r.Instance.App = r.App
		task.Action, task.Instance = apregistry.ActionRegister, r.Instance
	case eurekawire.ActionHeartbeat:
		task.Action = apregistry.ActionRenew
	case eurekawire.ActionCancel:
		task.Action = apregistry.ActionCancel
	case eurekawire.ActionStatusUpdate:
		if _, known := eurekawire.ParseStatus(string(r.Status)); !known {
			return task, http.StatusInternalServerError
		}
		task.Action = apregistry.ActionSetStatus
	case eurekawire.ActionDeleteStatusOverride:
		task.Action = apregistry.ActionDeleteStatus
	}
	return task, 0
}

// passOn puts the message of a node of the same kind before this one as it is.
func (c *conversation) passOn() {
	body, err := c.read(c.handler.options.MaxBatch, binaryType)
	if err != nil {
		c.fail(err)
		return
	}
	if _, r, err := apregistry.DecodeRequest(body); err != nil || r.Action != apregistry.ActionExchange {
		c.text(http.StatusBadRequest, "this is no exchange")
		return
	}
	ctx, cancel := context.WithTimeout(c.request.Context(), c.handler.options.Patience)
	defer cancel()
	answer, err := c.handler.ask(ctx, c.request.RemoteAddr, body)
	if err != nil {
		c.text(http.StatusServiceUnavailable, err.Error())
		return
	}
	c.writer.Header().Set("Content-Type", binaryType)
	c.body(http.StatusOK, answer)
}
