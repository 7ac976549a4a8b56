package isolation

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"cleave/history"
)

// Kind is the kind of object that transactions read and write.
type Kind uint8

// The kinds of objects.
const (
	ListAppend Kind = iota // lists: a write appends one element, a read gives all of them
	Register               // registers: a write replaces the value, a read gives it
)

// Value names one written element or value: a number from 1, a different one for every pair of key and
// value, at best dense. Initial is the value of a register that nobody has written.
type Value = int32

// Initial is what a register holds before its first write.
const Initial Value = 0

// Outcome is what is known of a transaction's effect.
type Outcome uint8

// The outcomes of a transaction.
const (
	Failed    Outcome = iota // it certainly did not happen
	Unknown                  // it may have happened; its reads are not known
	Committed                // it happened
)

// Step is one micro-operation of a transaction.
type Step struct {
	Key   int32 // from 0, dense
	Value Value // written, or read from a register; of a list that was read, where it begins in Transactions.Elements
	// Length is the number of elements that were read from a list; Written marks a write, and Unread a read
	// whose answer is not known. It is 0 for a register.
	Length int32
}

// Marks that stand in for a Step's Length.
const (
	Written = -1
	Unread  = -2
)

// Transaction is an interval of time and its steps, which follow each other in Transactions.Steps.
type Transaction struct {
	Call, Return history.Time // a Return is history.Forever if the outcome is Unknown
	First, End   int32        // its steps are Steps[First:End]
	Process      int32        // from 0, dense; the transactions of a process follow each other
	Outcome      Outcome
}

// Transactions are a history of transactions in flat arrays. A Builder makes them, or FromOperations.
type Transactions struct {
	Kind     Kind
	List     []Transaction
	Steps    []Step
	Elements []Value // of all lists that were read, one list after the other
	// Keys, Values and Processes are how many there are; a Value is at most Values.
	Keys, Values, Processes int
	// Names tell people what the numbers are; all may be nil.
	Names Names
}

// Names turn numbers into what people called them. Where one is nil, T7, x3, 12 and 4 stand for themselves.
type Names struct {
	Transaction, Key, Value, Process func(number int) string
}

func (t *Transactions) name(transaction int32) string {
	if t.Names.Transaction != nil {
		return t.Names.Transaction(int(transaction))
	}
	return "T" + strconv.Itoa(int(transaction))
}

func (t *Transactions) key(key int32) string {
	if t.Names.Key != nil {
		return t.Names.Key(int(key))
	}
	return "x" + strconv.Itoa(int(key))
}

func (t *Transactions) value(value Value) string {
	switch {
	case value == Initial && t.Kind == Register:
		return "nil"
	case t.Names.Value != nil:
		return t.Names.Value(int(value))
	}
	return strconv.Itoa(int(value))
}

func (t *Transactions) process(of int32) string {
	if t.Names.Process != nil {
		return t.Names.Process(int(t.List[of].Process))
	}
	return strconv.Itoa(int(t.List[of].Process))
}

func (t *Transactions) steps(transaction int32) []Step {
	of := &t.List[transaction]
	return t.Steps[of.First:of.End]
}

// elements are what a read of a list gave.
func (t *Transactions) elements(read Step) []Value {
	return t.Elements[read.Value : read.Value+Value(read.Length)]
}

// Builder makes Transactions one step at a time: Begin, then its steps, and so on. It grows the arrays; a
// caller that knows their sizes may set these up before.
type Builder struct {
	Transactions
	err error
}

// NewBuilder begins a history of transactions on objects of a kind.
func NewBuilder(kind Kind) *Builder { return &Builder{Transactions: Transactions{Kind: kind}} }

// Begin begins a transaction; the steps that follow are its own. The return of one whose outcome is Unknown
// is taken for history.Forever.
func (b *Builder) Begin(process int, call, end history.Time, outcome Outcome) {
	if outcome == Unknown {
		end = history.Forever
	}
	if end < call || process < 0 {
		b.fail(fmt.Errorf("transaction %d of process %d returns at %d, before its call at %d", len(b.List), process, end, call))
	}
	b.Processes = max(b.Processes, process+1)
	at := int32(len(b.Steps))
	b.List = append(b.List, Transaction{Call: call, Return: end, First: at, End: at, Process: int32(process), Outcome: outcome})
}

// Write appends a value to a list, or writes it to a register.
func (b *Builder) Write(key int, value Value) {
	if value <= 0 {
		b.fail(fmt.Errorf("transaction %d writes the value %d: values are numbered from 1", len(b.List)-1, value))
	}
	b.Values = max(b.Values, int(value))
	b.step(Step{Key: int32(key), Value: value, Length: Written})
}

// ReadRegister is a read of a register that gave this value.
func (b *Builder) ReadRegister(key int, value Value) {
	b.Values = max(b.Values, int(value))
	b.step(Step{Key: int32(key), Value: value})
}

func (b *Builder) step(step Step) {
	b.Keys = max(b.Keys, int(step.Key)+1)
	b.Steps = append(b.Steps, step)
	if len(b.List) == 0 {
		b.fail(errors.New("a step before the first transaction"))
		return
	}
	b.List[len(b.List)-1].End = int32(len(b.Steps))
}

func (b *Builder) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

// Done gives the transactions, or the first error: an interval that ends before it begins, or more than
// 2^31 steps or elements.
func (b *Builder) Done() (*Transactions, error) {
	if most := max(len(b.Steps), len(b.Elements), len(b.List)*3); most > math.MaxInt32 {
		b.fail(fmt.Errorf("%d transactions with %d steps and %d elements: more than 2^31 cannot be numbered", len(b.List), len(b.Steps), len(b.Elements)))
	}
	if b.err != nil {
		return nil, b.err
	}
	return &b.Transactions, nil
}
