package models

import "cleave/history"

// Shape is one function that a model understands.
type Shape struct {
	Function history.Function
	Argument Form   // of what is asked
	Result   Form   // of what an ok operation gives
	Effect   string // what it does to the object, in a few words
}

// Form is what an argument or a result has to look like. It prints as words, e.g. "a number".
type Form struct {
	words string
	fits  func(history.Value) bool
}

// String is the form in words.
func (f Form) String() string { return f.words }

// The forms that several models use.
var (
	anything = Form{"anything", func(history.Value) bool { return true }}
	none     = Form{"nothing", history.Value.IsNothing}
	element  = Form{"any value but nothing", func(v history.Value) bool { return !v.IsNothing() }}
	number   = Form{"a number", isNumber}
	truth    = Form{"1 or 0", func(v history.Value) bool { return v.Equal(flag(true)) || v.Equal(flag(false)) }}
	text     = Form{"a text", func(v history.Value) bool { _, is := v.AsText(); return is }}
	list     = Form{"a list", func(v history.Value) bool { _, is := v.AsList(); return is }}
)

func isNumber(v history.Value) bool {
	_, is := v.AsInteger()
	return is
}

// or is a form that takes either of two.
func (f Form) or(other Form) Form {
	return Form{f.words + " or " + other.words, func(v history.Value) bool { return f.fits(v) || other.fits(v) }}
}

// row is the form of a list with so many elements, each with a form of its own.
func row(words string, elements ...Form) Form {
	return Form{words, func(v history.Value) bool {
		found, is := v.AsList()
		if !is || len(found) != len(elements) {
			return false
		}
		for i, element := range elements {
			if !element.fits(found[i]) {
				return false
			}
		}
		return true
	}}
}

// describe tells an operation by its function, its key if that is a part of a larger object, its argument,
// and its result if the model has one for it.
func describe(shapes []Shape, keyed bool) func(history.Operation) string {
	return func(operation history.Operation) string {
		told := string(operation.Function)
		if keyed && operation.Key != "" {
			told += " " + operation.Key
		}
		if !operation.Argument.IsNothing() {
			told += " " + operation.Argument.String()
		}
		if operation.Outcome == history.Info {
			return told + " -> ?"
		}
		for _, shape := range shapes {
			silent := shape.Result.words == none.words || operation.Result.IsNothing() && operation.Function == history.Add
			if shape.Function == operation.Function && operation.Outcome == history.Ok && !silent {
				return told + " -> " + operation.Result.String()
			}
		}
		return told
	}
}
