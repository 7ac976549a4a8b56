package eurekawire

import (
	"slices"
	"strings"
)

// The actions of replication.
const (
	ActionHeartbeat            = "Heartbeat"
	ActionRegister             = "Register"
	ActionCancel               = "Cancel"
	ActionStatusUpdate         = "StatusUpdate"
	ActionDeleteStatusOverride = "DeleteStatusOverride"
)

// DecodeReplications reads the body of POST /peerreplication/batch/, which is JSON:
// {"replicationList":[…]}. A task without an app, an id or a known action is an error.
func DecodeReplications(body []byte) ([]Replication, error) {
	var tasks []Replication
	err := jsonDocument(body, "replicationList", func(s source) error {
		tasks = nil
		return s.each(func() error {
			var task Replication
			if err := task.read(s); err != nil {
				return err
			}
			tasks = append(tasks, task)
			return nil
		})
	})
	return tasks, err
}

func (r *Replication) read(s source) error {
	err := s.members(func(name string) error {
		if name == "instanceInfo" {
			return readOptional(s, &r.Instance)
		}
		text, present, err := s.text()
		if err != nil || !present {
			return err
		}
		return r.set(name, text)
	})
	switch {
	case err != nil:
		return err
	case r.App == "":
		return bad("a replication without appName")
	case r.ID == "":
		return bad("a replication without id")
	case r.Action == "":
		return bad("a replication without action")
	}
	return nil
}

func (r *Replication) set(name, text string) error {
	switch name {
	case "appName":
		r.App = strings.ToUpper(strings.Clone(text))
	case "id":
		r.ID = strings.Clone(text)
	case "lastDirtyTimestamp":
		return parse64(&r.LastDirty, name, text)
	case "overriddenStatus", "overriddenstatus":
		r.Overridden = optionalStatus(text)
	case "status":
		r.Status = optionalStatus(text)
	case "action":
		known := []string{ActionHeartbeat, ActionRegister, ActionCancel, ActionStatusUpdate, ActionDeleteStatusOverride}
		at := slices.Index(known, text)
		if at < 0 {
			return bad("unknown action %s", excerpt(text))
		}
		r.Action = known[at]
	}
	return nil
}

// optionalStatus is a status, none where nothing stands, or the word as it came if it is no status: whoever
// carries the task out has to refuse it.
func optionalStatus(text string) Status {
	if status, known := ParseStatus(text); known {
		return status
	}
	return Status(text)
}

// readOptional reads an instance that may be null.
func readOptional(s source, field **Instance) error {
	*field = nil
	return s.each(func() error {
		instance := new(Instance)
		if err := instance.read(s); err != nil {
			return err
		}
		*field = instance
		return nil
	})
}

// EncodeReplications writes what DecodeReplications reads.
func EncodeReplications(tasks []Replication) []byte {
	w := newWriter(JSON, make([]byte, 0, 256*(1+len(tasks))))
	w.begin()
	w.list("replicationList")
	for at := range tasks {
		w.replication(&tasks[at])
	}
	w.unlist()
	return w.finish()
}

func (w *writer) replication(r *Replication) {
	w.item("")
	w.text("appName", r.App)
	w.text("id", r.ID)
	if r.LastDirty != 0 {
		w.number("lastDirtyTimestamp", r.LastDirty)
	}
	w.optional("overriddenStatus", string(r.Overridden))
	w.optional("status", string(r.Status))
	if r.Instance != nil {
		w.open("instanceInfo")
		w.instance(r.Instance)
		w.close("instanceInfo")
	}
	w.text("action", r.Action)
	w.close("")
}

// DecodeResults reads the answer to a batch: {"responseList":[{"statusCode":200}]}.
func DecodeResults(body []byte) ([]ReplicationResult, error) {
	var results []ReplicationResult
	err := jsonDocument(body, "responseList", func(s source) error {
		results = nil
		return s.each(func() error {
			var result ReplicationResult
			if err := result.read(s); err != nil {
				return err
			}
			results = append(results, result)
			return nil
		})
	})
	return results, err
}

func (r *ReplicationResult) read(s source) error {
	return s.members(func(name string) error {
		switch name {
		case "statusCode":
			text, _, err := s.text()
			if err != nil {
				return err
			}
			code := int32(0)
			err = parse32(&code, name, text)
			r.Code = int(code)
			return err
		case "responseEntity":
			return readOptional(s, &r.Instance)
		}
		return nil
	})
}

// EncodeResults writes what DecodeResults reads.
func EncodeResults(results []ReplicationResult) []byte {
	w := newWriter(JSON, make([]byte, 0, 64*(1+len(results))))
	w.begin()
	w.list("responseList")
	for at := range results {
		w.item("")
		w.number("statusCode", int64(results[at].Code))
		if results[at].Instance != nil {
			w.open("responseEntity")
			w.instance(results[at].Instance)
			w.close("responseEntity")
		}
		w.close("")
	}
	w.unlist()
	return w.finish()
}
