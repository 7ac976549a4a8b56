package claims

import (
	"fmt"
	"slices"
	"strings"
)

// Theme is a group of claims.
type Theme struct {
	Title  string
	Claims []Claim
}

// Themes are all claims.
func Themes() []Theme {
	return []Theme{
		{"What a CP store shows and keeps", consistency},
		{"Who is served, and what an election costs", availability},
		{"Sessions, and being told", sessions},
		{"Registries without a leader", registries},
		{"What people build on them", recipes},
		{"Which of them serves callers", comparisons},
	}
}

// All are all claims, in order.
func All() (all []Claim) {
	for _, theme := range Themes() {
		all = append(all, theme.Claims...)
	}
	return all
}

// Find are the claims of some identifiers, in the order of the table; of none, all.
func Find(ids []string) ([]Claim, error) {
	all := All()
	for _, id := range ids {
		if !slices.ContainsFunc(all, func(c Claim) bool { return c.ID == id }) {
			return nil, fmt.Errorf("unknown claim %.60q; there are: %s", id, names(all))
		}
	}
	if len(ids) == 0 {
		return all, nil
	}
	return slices.DeleteFunc(all, func(c Claim) bool { return !slices.Contains(ids, c.ID) }), nil
}

func names(all []Claim) string {
	ids := make([]string, len(all))
	for i, claim := range all {
		ids[i] = claim.ID
	}
	return strings.Join(ids, ", ")
}
