package invariants

import (
	"fmt"
	"math"

	"cleave/checker/evidence"
	"cleave/history"
)

// BankTerms say what the accounts of a bank have to be like.
type BankTerms struct {
	Total int64 // what all balances make, at any instant
	Open  bool  // nobody says what Total is, so that of the first read counts
	Debt  bool  // balances below 0 are allowed
}

// Bank judges reads of all accounts, whose results are lists of balances, or of pairs of an account and its
// balance: their sum is always the same, and unless debt is allowed no balance is below 0. Counted: "reads", "wrong
// totals" and "debts". It takes time in proportion to the balances read.
func Bank(operations []history.Operation, terms BankTerms) Report {
	reads, wrong, debts := 0, 0, 0
	var first *history.Operation
	var broken *evidence.Finding
	for i := range operations {
		o := &operations[i]
		if o.Function != history.Read || o.Outcome != history.Ok {
			continue
		}
		sum, least, isList := balances(o.Result)
		if !isList {
			return undecided(fmt.Sprintf("a read gave %s, which is no list of balances", o.Result))
		}
		if reads++; reads == 1 && terms.Open {
			first, terms.Total = o, sum
		}
		found := evidence.Finding{}
		switch {
		case sum != terms.Total:
			wrong++
			found = terms.wrongTotal(first, o, sum)
		case least < 0 && !terms.Debt:
			debts++
			found = evidence.Against("a balance is below 0", []history.Operation{*o}, o.ID, fmt.Sprintf("a balance is %d", least))
		}
		if broken == nil && found.State != "" {
			broken = &found
		}
	}
	numbers := []Number{count("reads", reads), count("wrong totals", wrong), count("debts", debts)}
	switch {
	case broken != nil:
		return Report{*broken, numbers}
	case reads == 0:
		return undecided("no ok read of all accounts")
	}
	return Report{evidence.Holding(fmt.Sprintf("%s, always %d in all", evidence.Counted(reads, "read"), terms.Total)), numbers}
}

// wrongTotal tells of a read with another sum than the total, which the first read gave if nobody says what it is.
func (terms BankTerms) wrongTotal(first, o *history.Operation, sum int64) evidence.Finding {
	if first == nil {
		return evidence.Against("money was made or lost", []history.Operation{*o}, o.ID, fmt.Sprintf("that makes %d, and not %d", sum, terms.Total))
	}
	return evidence.Against("money was made or lost", []history.Operation{*first, *o}, o.ID,
		fmt.Sprintf("that makes %d, and what %s had read makes %d", sum, evidence.Who(*first), terms.Total))
}

// balances are the sum and the least of a list of balances, 0 if none is below. A sum of more than 64 bits is none.
func balances(v history.Value) (sum, least int64, isList bool) {
	list, isList := v.AsList()
	for _, balance := range list {
		if pair, isPair := balance.AsList(); isPair && len(pair) == 2 {
			balance = pair[1]
		}
		number, isNumber := balance.AsInteger()
		fits := number >= 0 && sum <= math.MaxInt64-number || number < 0 && sum >= math.MinInt64-number
		isList = isList && isNumber && fits
		sum, least = sum+number, min(least, number)
	}
	return sum, least, isList
}
