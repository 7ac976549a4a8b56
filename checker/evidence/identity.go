package evidence

import "cleave/history"

// Identity is a value as a key of maps: equal values have the same, and no others.
type Identity struct {
	number int64
	other  string // what the value is if it is no integer
}

// Identify gives the identity of a value.
func Identify(value history.Value) Identity {
	if number, isInteger := value.AsInteger(); isInteger {
		return Identity{number: number}
	}
	if text, isText := value.AsText(); isText {
		return Identity{other: `"` + text}
	}
	text, _ := value.MarshalJSON() // never errs
	return Identity{other: string(text)}
}
