package fabric

// Finding is something that this machine lacks.
type Finding struct {
	Lacking string // what there is not
	Change  string // what to do about it
}

// String is both in a line.
func (f Finding) String() string { return f.Lacking + ": " + f.Change }
