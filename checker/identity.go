package checker

import "cleave/history"

// identity is a value as a map key.
type identity struct {
	integer bool
	number  int64
	other   string // the value as JSON, if it is no integer
}

// nothing is the identity of the initial value.
var nothing = identify(history.Nothing)

func identify(value history.Value) identity {
	if number, isInteger := value.AsInteger(); isInteger {
		return identity{integer: true, number: number}
	}
	text, _ := value.MarshalJSON() // never errs
	return identity{other: string(text)}
}

// beginning is before every time.
const beginning = -history.Forever - 1
