package isolation

import (
	"fmt"

	"cleave/history"
)

// BankAnomaly is something that a read of a bank's accounts must not show.
type BankAnomaly string

// The anomalies of a bank, as Jepsen's bank test names them.
const (
	UnexpectedAccount BankAnomaly = "unexpected-account" // an account that there is not
	NoBalance         BankAnomaly = "no-balance"         // nothing, or no number
	WrongTotal        BankAnomaly = "wrong-total"        // money came from nowhere or is gone: the read saw parts of transfers
	Overdrawn         BankAnomaly = "overdrawn"          // less than nothing
)

// BankOptions describe a bank.
type BankOptions struct {
	Accounts    []string // the keys
	Total       int64    // of all balances, at any instant
	MayOverdraw bool     // balances may be negative
}

// BankExample is the first of an anomaly.
type BankExample struct {
	Anomaly     BankAnomaly
	Count       int
	Operation   int // position of the first
	Explanation string
}

// BankResult is what the reads of a bank show.
type BankResult struct {
	Verdict Verdict
	Reason  string
	Found   []BankExample // in the order of the constants
	Reads   int           // reads of all accounts
	// Least and Most are the totals that were read.
	Least, Most int64
}

// CheckBank judges transfers between accounts by the transactions (see FromOperations) that read all accounts
// and write none: whatever is transferred, the total stays. It takes one pass. Without such a read that is ok
// the verdict is unknown. It asks for no unique values, and so sees what Check cannot; what it sees is no more
// than that some read was of no instant.
func CheckBank(operations []history.Operation, options BankOptions) BankResult {
	b := &bank{options: options, accounts: map[string]bool{}, found: map[BankAnomaly]*BankExample{}}
	for _, account := range options.Accounts {
		b.accounts[account] = true
	}
	for i := range operations {
		if o := &operations[i]; o.Function == history.Txn && o.Outcome == history.Ok {
			b.read(i, o)
		}
	}
	r := b.result
	for _, anomaly := range []BankAnomaly{UnexpectedAccount, NoBalance, WrongTotal, Overdrawn} {
		if example := b.found[anomaly]; example != nil {
			r.Found = append(r.Found, *example)
		}
	}
	switch {
	case len(r.Found) > 0:
		r.Verdict, r.Reason = Invalid, r.Found[0].Explanation
	case r.Reads == 0:
		r.Verdict, r.Reason = Undecided, "no transaction read all accounts"
	default:
		r.Verdict, r.Reason = Valid, fmt.Sprintf("%d reads of all accounts: each has a total of %d", r.Reads, options.Total)
	}
	return r
}

type bank struct {
	options  BankOptions
	accounts map[string]bool
	found    map[BankAnomaly]*BankExample
	result   BankResult
}

// read looks at a transaction, if it only reads.
func (b *bank) read(position int, o *history.Operation) {
	steps, _ := o.Result.AsList()
	balances, total := map[string]bool{}, int64(0)
	for _, step := range steps {
		parts, _ := step.AsList()
		if len(parts) != 3 {
			return
		}
		if function, _ := parts[0].AsText(); function != "r" {
			return
		}
		account := parts[1].String()
		balance, isNumber := parts[2].AsInteger()
		switch {
		case !b.accounts[account]:
			b.add(UnexpectedAccount, position, o, fmt.Sprintf("account %s, which there is not", account))
		case !isNumber:
			b.add(NoBalance, position, o, fmt.Sprintf("%s in account %s, which is no balance", parts[2], account))
		case balance < 0 && !b.options.MayOverdraw:
			b.add(Overdrawn, position, o, fmt.Sprintf("%d in account %s, which must not be negative", balance, account))
		}
		if isNumber && b.accounts[account] && !balances[account] {
			balances[account] = true
			total += balance
		}
	}
	if len(steps) > 0 && len(balances) == len(b.accounts) {
		b.whole(position, o, total)
	}
}

// whole is a read of all accounts.
func (b *bank) whole(position int, o *history.Operation, total int64) {
	if b.result.Reads == 0 {
		b.result.Least, b.result.Most = total, total
	}
	b.result.Reads++
	b.result.Least, b.result.Most = min(b.result.Least, total), max(b.result.Most, total)
	if total != b.options.Total {
		b.add(WrongTotal, position, o, fmt.Sprintf("a total of %d in all accounts instead of %d", total, b.options.Total))
	}
}

func (b *bank) add(anomaly BankAnomaly, position int, o *history.Operation, what string) {
	if b.found[anomaly] == nil {
		b.found[anomaly] = &BankExample{Anomaly: anomaly, Operation: position,
			Explanation: fmt.Sprintf("operation %d of process %d read %s", o.ID, o.Process, what)}
	}
	b.found[anomaly].Count++
}
