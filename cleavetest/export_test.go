package cleavetest

import "time"

// What the tests of this package look at from outside.
type Tester = tester

// Bench is a test under way.
type Bench = bench

// Prepare, NameOf, Pattern and OwnStack are theirs.
var (
	Prepare  = prepare
	NameOf   = nameOf
	Pattern  = pattern
	OwnStack = ownStack
)

// Seed runs a seed.
func (b *bench) Seed(t tester, seed uint64, twice bool) error {
	c, err := b.seeded(seed)
	if err == nil {
		b.try(t, c, twice)
	}
	return err
}

// Given runs what -cleave.schedule names.
func (b *bench) Given(t tester, path string) error {
	c, err := b.given(path)
	if err == nil {
		b.try(t, c, false)
	}
	return err
}

// Count is how many seeds there are.
func (b *bench) Count(short bool) uint64 { return b.count(short) }

// Within bounds the time of a run.
func (b *bench) Within(limit time.Duration) { b.patience = limit }

// Stuck tells whether a run did not end.
func (b *bench) Stuck() bool { return b.stuck.Load() }

// Selected reads flags.
func Selected(usual uint64, seed, seeds, schedule string) (first, last uint64, path string, err error) {
	s, err := selected(usual, seed, seeds, schedule)
	return s.first, s.last, s.schedule, err
}

// Fixed tells whether the plan's schedule is the same for all seeds.
func (b *bench) Fixed() bool { return b.fixed() }
