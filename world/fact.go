package world

// Fact is something that a run in this world depended on: a version, an image, an address.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Traffic is what went over a directed link.
type Traffic struct {
	From      string `json:"from"`
	To        string `json:"to"`
	Frames    int64  `json:"frames"`    // that arrived
	Bytes     int64  `json:"bytes"`     // of those
	Dropped   int64  `json:"dropped"`   // frames lost to cuts
	Lost      int64  `json:"lost"`      // lost or damaged by chance
	Disturbed int64  `json:"disturbed"` // that a fault lost, damaged, doubled, held back or delayed
}
