package host

import (
	"encoding/json"
	"fmt"

	"cleave/world"
)

// EncodeRoll writes a roll as DecodeRoll reads it.
func EncodeRoll(roll world.Roll) []byte {
	text, _ := json.Marshal(struct { // of strings it has no errors
		Out     []string `json:"out"`
		Renewed []string `json:"renewed"`
	}{append([]string{}, roll.Out...), append([]string{}, roll.Renewed...)})
	return text
}

// DecodeRoll reads who is to be a member, as an order over the admin socket has it and the file that a node is started with:
//
//	{"out":["n3"],"renewed":["n2","n2"]}     all but n3 are members, and n2 is the third in its place
//
// Where nobody is renewed, that may be left out. An error names the field that is wrong.
func DecodeRoll(text []byte) (world.Roll, error) { return decodeRoll(text, "") }

// decodeRoll reads a roll that is in something else.
func decodeRoll(text []byte, where string) (roll world.Roll, err error) {
	inner, err := fields(text, where, "out", "renewed")
	if err != nil {
		return roll, err
	}
	if roll.Out, err = decodeNames(inner["out"], within(where, "out")); err != nil {
		return roll, err
	}
	roll.Renewed = []string{}
	if raw, given := inner["renewed"]; given {
		roll.Renewed, err = decodeNames(raw, within(where, "renewed"))
	}
	return roll, err
}

func decodeNames(raw json.RawMessage, field string) (names []string, err error) {
	if json.Unmarshal(raw, &names) != nil || names == nil {
		return nil, fmt.Errorf("%s: a list of nodes is wanted, such as [\"n3\"], and not %.60q", field, raw)
	}
	return names, nil
}
