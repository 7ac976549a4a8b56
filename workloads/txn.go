package workloads

import (
	"cmp"

	"cleave/history"
	"cleave/internal/rng"
)

// TxnListAppend is the workload of transactions that read lists and append to them.
func TxnListAppend() Workload {
	return Workload{
		Name:     "txn-list-append",
		Summary:  "transactions read lists and append to them; judged by a consistency model, strict-serializable unless told",
		Numbers:  []string{"keys", "txn-length", "writes-per-key"},
		Plan:     func(shape Shape) []Planned { return planTxn(shape, listAppendKey, "append") },
		Promises: txnPromises,
		Measures: lastAnswers,
	}
}

// TxnRWRegister is the workload of transactions that read and write variables. Whoever writes one has read it in the same
// transaction, so that the order of the writes is known, and no judgement hangs on a guess.
func TxnRWRegister() Workload {
	return Workload{
		Name:     "txn-rw-register",
		Summary:  "transactions read and write variables; judged by a consistency model, strict-serializable unless told",
		Numbers:  []string{"keys", "txn-length", "writes-per-key"},
		Plan:     func(shape Shape) []Planned { return planTxn(shape, rwRegisterKey, "w") },
		Promises: txnPromises,
		Measures: lastAnswers,
	}
}

// planTxn plans transactions on places of a pool, and puts keys and values there in order of time.
func planTxn(shape Shape, stream uint64, write string) []Planned {
	keys := newPool(cmp.Or(shape.Keys, 6), cmp.Or(shape.WritesPerKey, 32))
	most := int64(cmp.Or(shape.TxnLength, 4))
	plan := requested(shape, stream, func(stream *rng.Stream) history.Request {
		var steps []history.Value
		for length := stream.Between(1, most); int64(len(steps)) < length; {
			at := stream.Below(int64(len(keys.current)))
			writes := stream.Below(2) == 0
			if !writes || write == "w" && int64(len(steps)) < length-1 {
				steps = append(steps, step("r", at, history.Nothing))
			}
			if writes && int64(len(steps)) < length {
				steps = append(steps, step(write, at, history.Nothing))
			}
		}
		return history.Request{Function: history.Txn, Key: "txn", Value: history.List(steps...)}
	})
	for i := range plan {
		plan[i].Value = keys.fill(plan[i].Value)
	}
	for number, place := range shape.Clients {
		plan = append(plan, inTheEnd(shape, place.Client, keys.finalTxns(number, len(shape.Clients), int(most)))...)
	}
	return inOrder(plan)
}

func step(function string, key int64, value history.Value) history.Value {
	return history.List(history.Text(function), history.Integer(key), value)
}

// fill puts keys in place of places, and a value of its own into each write. A variable that was not read is read instead.
func (p *pool) fill(planned history.Value) history.Value {
	list, _ := planned.AsList()
	read, filled := map[int]bool{}, make([]history.Value, len(list))
	for i, planned := range list {
		parts, _ := planned.AsList()
		function, _ := parts[0].AsText()
		place, _ := parts[1].AsInteger()
		at := int(place)
		if key := p.current[at]; function == "r" || function == "w" && !read[key] {
			read[key], filled[i] = true, step("r", int64(key), history.Nothing)
			continue
		}
		key, count := p.write(at)
		filled[i] = step(function, int64(key), history.Integer(int64(count)))
	}
	return history.List(filled...)
}

// finalTxns reads what is in use, and this client's share of all keys there were, so that two clients read each.
func (p *pool) finalTxns(number, clients, most int) []history.Request {
	var requests []history.Request
	var steps []history.Value
	finish := func(length int) {
		if len(steps) >= length && len(steps) > 0 {
			requests = append(requests, history.Request{Function: history.Txn, Key: "txn", Value: history.List(steps...)})
			steps = nil
		}
	}
	for key := range p.written {
		if key%clients == number || (key+1)%clients == number {
			steps = append(steps, step("r", int64(key), history.Nothing))
			finish(most)
		}
	}
	finish(0)
	for _, key := range p.current {
		steps = append(steps, step("r", int64(key), history.Nothing))
		finish(most)
	}
	finish(0)
	return requests
}

func txnPromises(guarantee Guarantee, c Conditions) []Promise {
	return []Promise{transactional(guarantee), served(guarantee, c), sound()}
}
