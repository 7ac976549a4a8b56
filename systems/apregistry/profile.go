package apregistry

// Profile is a set of rules for a node.
type Profile uint8

// The profiles. The table in doc.go says where they differ.
const (
	Netflix  Profile = iota // Eureka as Netflix runs it
	Spring                  // Eureka as Spring Cloud starts it
	Plain                   // the rules of a textbook: no quirk of Eureka's
	profiles                // how many there are
)

// String is the profile's name, as in options and on the dashboard.
func (p Profile) String() string { return [...]string{"netflix", "spring", "plain"}[p] }

// ProfileNamed finds a profile by its name.
func ProfileNamed(name string) (Profile, bool) {
	for p := Netflix; p < profiles; p++ {
		if p.String() == name {
			return p, true
		}
	}
	return Netflix, false
}
