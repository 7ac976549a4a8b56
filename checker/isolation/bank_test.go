package isolation

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestBank has for each anomaly the smallest history, and legal neighbours.
func TestBank(t *testing.T) {
	const legal = "reads of all accounts: each has a total of 10"
	for name, test := range map[string]struct {
		script  string // transactions parted by semicolons
		verdict Verdict
		reason  string
		found   []BankAnomaly
	}{
		"legal":              {"p1 0-10 r a 7, w a 6, r b 3, w b 4;p2 0-10 r a 7, r b 3;p2 11-20 r a 6, r b 4", Valid, "2 " + legal, nil},
		"twice in one read":  {"p2 0-10 r a 7, r a 7, r b 3", Valid, "1 " + legal, nil},
		"and half of a read": {"p2 0-10 r a 7, r b 3;p2 11-20 r b 9", Valid, "1 " + legal, nil},
		"failed":             {"p2 0-10 r a 6, r b 3 fail", Undecided, "no transaction read all accounts", nil},
		"no read of all":     {"p2 0-10 r a 6", Undecided, "no transaction read all accounts", nil},
		"part of a transfer": {"p2 0-10 r a 6, r b 3", Invalid,
			"operation 1 of process 2 read a total of 9 in all accounts instead of 10", []BankAnomaly{WrongTotal}},
		"no balance": {"p2 0-10 r a nil, r b 3", Invalid,
			"operation 1 of process 2 read nil in account a, which is no balance", []BankAnomaly{NoBalance}},
		"negative": {"p2 0-10 r a -1, r b 11", Invalid,
			"operation 1 of process 2 read -1 in account a, which must not be negative", []BankAnomaly{Overdrawn}},
		"account that there is not": {"p2 0-10 r a 7, r b 3, r c 0", Invalid,
			"operation 1 of process 2 read account c, which there is not", []BankAnomaly{UnexpectedAccount}},
		"two of a kind and another": {"p1 0-1 r a 7, r b 4;p1 1-2 r a 7, r b 5;p1 2-3 r a -1, r b 11", Invalid,
			"operation 1 of process 1 read a total of 11 in all accounts instead of 10", []BankAnomaly{WrongTotal, Overdrawn}},
	} {
		t.Run(name, func(t *testing.T) {
			r := CheckBank(operationsOf(t, strings.Split(test.script, ";")), BankOptions{Accounts: []string{"a", "b"}, Total: 10})
			require.Equal(t, test.verdict, r.Verdict)
			require.Equal(t, test.reason, r.Reason)
			var found []BankAnomaly
			for _, example := range r.Found {
				found = append(found, example.Anomaly)
			}
			require.Equal(t, test.found, found)
		})
	}
}
