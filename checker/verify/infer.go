package verify

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cleave/history"
)

// The models of transactions, which package models does not have: they are judged by what depends on what.
const (
	ListAppend = "list-append" // txn of [append key value] and [r key list]
	RWRegister = "rw-register" // txn of [w key value] and [r key value]
)

// sign is a function that tells what object a history is about.
type sign struct {
	function history.Function
	model    string
}

// signs are in the order in which they are looked for.
var signs = []sign{
	{history.Enqueue, "fifo-queue"}, {history.Dequeue, "fifo-queue"}, {history.Push, "stack"}, {history.Pop, "stack"},
	{history.Insert, "priority-queue"}, {history.RemoveMin, "priority-queue"}, {history.Renew, "lease"},
	{history.Acquire, "lock"}, {history.TryLock, "lock"}, {history.Release, "lock"}, {history.Lead, "leader"},
	{history.Append, "text"}, {transfer, "bank"}, {history.Generate, "generator"}, {history.CAS, "cas-register"}, {history.Write, "register"},
}

// infer tells what object a history is about, by its functions, and by what.
func infer(p part) (model, why string, err error) {
	if p.functions[history.Txn] > 0 {
		return transactional(p)
	}
	if p.functions[history.Add] > 0 {
		if p.lists {
			return "set", "add, and reads that give lists", nil
		}
		return "counter", "add, and no read that gives a list", nil
	}
	if p.functions[history.Append] > 0 && p.lists {
		return "log", "append, and reads that give lists", nil
	}
	for _, sign := range signs {
		if p.functions[sign.function] > 0 {
			return sign.model, string(sign.function), nil
		}
	}
	functions := slices.SortedFunc(maps.Keys(p.functions), func(a, b history.Function) int { return cmp.Compare(a, b) })
	names := make([]string, len(functions))
	for i, function := range functions {
		names[i] = string(function)
	}
	return "", "", fmt.Errorf("what the history is about cannot be told by its functions (%.200s): say --model", strings.Join(names, ", "))
}

// transactional tells lists from registers by the first write in a transaction.
func transactional(p part) (model, why string, err error) {
	switch p.writes {
	case "append":
		return ListAppend, "txn with append", nil
	case "w":
		return RWRegister, "txn with w", nil
	}
	return "", "", fmt.Errorf("no transaction writes anything: say --model %s or %s", ListAppend, RWRegister)
}

// firstWrite is the function of a transaction's first write, "" if it has none.
func firstWrite(operation history.Operation) string {
	steps, _ := operation.Argument.AsList()
	for _, step := range steps {
		parts, _ := step.AsList()
		if len(parts) == 0 {
			continue
		}
		if name, _ := parts[0].AsText(); name == "append" || name == "w" {
			return name
		}
	}
	return ""
}
