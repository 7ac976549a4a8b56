package apregistry

import "cleave/world"

// Phase says what a node is at.
func (n *node) Phase() string {
	switch {
	case n.boot.syncing:
		return "syncing at boot"
	case n.preserving:
		return "preserving"
	}
	return "serving"
}

// actionNames are the types of requests.
var actionNames = [actions]string{
	actionRegister: "register", actionRenew: "heartbeat", actionCancel: "cancel", actionSetStatus: "set status",
	actionGetInstance: "get instance", actionGetApp: "get service", actionGetAll: "get all", actionBatch: "batch",
	actionDeleteStatus: "delete status", actionSetMetadata: "set metadata", actionGetByID: "get by id", actionGetDelta: "get delta",
	actionGetVIP: "get address", actionGetSecureVIP: "get secure address", actionFigures: "figures", actionExchange: "exchange",
}

// typesOf names what a message carries: of a batch to a peer, each kind of task in it.
func typesOf(m world.Message) []string {
	from := "client's "
	if m.FromNode {
		from = "peer's "
	}
	if len(m.Payload) == 0 || kind(m.Payload[0]) == kindResponse {
		if m.ToNode {
			return []string{"answer to a peer"}
		}
		return []string{"answer to a client"}
	}
	_, r, err := decodeRequest(m.Payload)
	if err != nil {
		return nil
	}
	if r.action != actionBatch {
		return []string{from + actionNames[r.action]}
	}
	var types []string
	for i := range r.tasks {
		types = append(types, from+actionNames[r.tasks[i].action])
	}
	return types
}
