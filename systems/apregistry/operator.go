package apregistry

import (
	"cleave/history"
	"cleave/systems/eurekawire"
)

// setStatus overrides the status of an instance, as an operator does.
func (u *user) setStatus(o *operation, k key, value history.Value) {
	word, _ := value.AsText()
	wanted, known := eurekawire.ParseStatus(word)
	if !known {
		o.finish(failed(errorNoStatus))
		return
	}
	u.change(o, &request{action: actionSetStatus, key: k, status: statusOf(wanted)})
}

// clearStatus takes an override away. The instance's own status is unknown then, until it registers again.
func (u *user) clearStatus(o *operation, k key) {
	u.change(o, &request{action: actionDeleteStatus, key: k})
}

// change asks for a change that may have happened if no answer comes.
func (u *user) change(o *operation, asked *request) {
	o.giveUp = changeFailed(timedOut)
	u.ask(asked, func(r reply) {
		switch {
		case r.problem != noProblem:
			o.finish(changeFailed(r.problem))
		case r.code == codeNotFound:
			o.finish(history.Completion{Outcome: history.Fail, Node: r.server, Error: errorNoInstance})
		case r.code != codeOK:
			o.finish(failed(errorRefused))
		default:
			o.finish(history.Completion{Outcome: history.Ok, Node: r.server})
		}
	})
}

// status asks a server for the status of an instance that it holds right now; nothing if there is none.
func (u *user) status(o *operation, k key) {
	u.ask(&request{action: actionGetInstance, key: k}, func(r reply) {
		completion := readCompletion(r)
		if completion.Outcome == history.Ok && r.code == codeOK {
			completion.Value = history.Text(string(statusName(r.instances[0].status)))
		}
		o.finish(completion)
	})
}
