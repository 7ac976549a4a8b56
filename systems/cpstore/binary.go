package cpstore

import "cleave/internal/octets"

// reader reads what messages and records are made of.
type reader struct{ octets.Reader }
