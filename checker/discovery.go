package checker

import (
	"slices"

	"cleave/history"
)

// Discovery measures how far what clients were told of a service's instances was from the truth. The
// truth is in the operations register, deregister and die: an instance is surely alive from a
// register's acknowledgement until it begins to leave, and surely dead from its end until it is
// registered again.
//
// Measured of ok lookups, by side, phase and function (lookup or cache-lookup) and their sums:
//   - "ghosts": the part of all listed entries that had surely been dead at the lookup's invocation.
//   - "ghost age p50", "ghost age max": for how long they had been.
//   - "missing": the part of all entries due, an instance surely alive throughout a lookup being due
//     in it, that was not listed.
//   - "list age p50", "list age max": by how much a list was behind the truth at least, at the lookup's
//     invocation: for how long something that it says had not been so, the longest ago of all that it
//     says; 0 if all was so.
//   - "missing longest": the longest time that one such instance was missing in all of one client's
//     lookups, from the invocation of the first of these to the completion of the last.
//
// And of functions alone, over all deaths that were followed by a lookup:
//   - "ghost corrected p50", "ghost corrected max": from a death to the completion of the last lookup
//     that listed the dead, 0 if none did.
//   - "ghosts left": how many of the dead are listed in the last lookup of a client.
//
// An instance whose register was never acknowledged is not due. Discovery judges nothing: Valid means
// that something was measured.
type Discovery struct {
	Service string // the key of the lookups that are measured; "" for all
}

// Name is "discovery".
func (Discovery) Name() string { return "discovery" }

// Check measures.
func (d Discovery) Check(h *history.History, budget Budget) Result {
	lookups := budget.Facts.inquiries(h, d.Service, history.Lookup, history.CacheLookup)
	if len(lookups) == 0 {
		return Result{Verdict: Unknown, Reason: "no ok lookup to measure"}
	}
	survey := d.survey(h, budget.Facts)
	for i := range lookups {
		survey.look(&lookups[i])
	}
	return Result{Verdict: Valid, Reason: "measured on " + counted(len(lookups), "ok lookup"),
		Measures: append(survey.measures(), survey.corrections()...)}
}

// Sighting is what one ok lookup listed, set against the truth.
type Sighting struct {
	Operation      *history.Operation // the lookup, of the history
	Listed, Ghosts int                // entries, and those of them that had surely been dead at its invocation
	Due, Missing   int                // instances surely alive throughout, and those of them that were not listed
}

// Sightings are the ok lookups one by one, in order of completion, as Check counts them together. There are none of a
// history without lookups.
func (d Discovery) Sightings(h *history.History) []Sighting {
	facts := &Facts{}
	lookups := facts.inquiries(h, d.Service, history.Lookup, history.CacheLookup)
	survey := d.survey(h, facts)
	all := make([]Sighting, len(lookups))
	for i := range lookups {
		found := survey.look(&lookups[i])
		all[i] = Sighting{lookups[i].Operation, found.listed, found.ghosts, found.due, found.missing}
	}
	return all
}

func (d Discovery) survey(h *history.History, facts *Facts) survey {
	return survey{registry: facts.registryOf(h), sides: facts.sidesOf(h), phases: phasesOf(h),
		absent: map[absence]history.Time{}, sightings: map[sightingOf]history.Time{}, last: map[asker]inquiry{}}
}

// survey goes through the lookups.
type survey struct {
	registry  registry
	sides     *Sides
	phases    phases
	found     table[census]
	absent    map[absence]history.Time    // since when, at lookups in a row, an instance has been missing
	sightings map[sightingOf]history.Time // when one who is dead was last listed
	last      map[asker]inquiry
	askers    []asker // in order of their first lookup
}

// census is what was found in a cell.
type census struct {
	listed, ghosts int
	due, missing   int
	ages           []history.Time
	behind         []history.Time // of each list
	longest        history.Time
}

type absence struct {
	asker  asker
	number int
}

// asker is a client with a way to look: the two ways have nothing to do with each other.
type asker struct {
	client   string
	function history.Function
	service  string
}

// sightingOf is a life that ended, as seen by one way to look.
type sightingOf struct {
	function history.Function
	number   int
	asked    history.Time // of the life
}

func (s *survey) look(lookup *inquiry) census {
	who := asker{lookup.Client, lookup.Function, lookup.Key}
	if _, known := s.last[who]; !known {
		s.askers = append(s.askers, who)
	}
	s.last[who] = *lookup
	here := cell{s.sides.During(*lookup.Operation), s.phases.at(lookup.Invoked), lookup.Function}
	var found census
	found.listed = len(lookup.listed)
	behind := history.Time(0)
	for _, number := range lookup.numbers {
		if number < 0 {
			continue
		}
		if dead, surely := s.registry.lives[number].deadDuring(lookup.Invoked, lookup.Completed); surely {
			found.ghosts++
			found.ages = append(found.ages, lookup.Invoked-dead.left)
			behind = max(behind, lookup.Invoked-dead.left)
			s.sightings[sightingOf{lookup.Function, number, dead.asked}] = lookup.Completed
		}
	}
	for number := range s.registry.instances {
		behind = max(behind, s.expect(number, who, lookup, &found))
	}
	found.behind = []history.Time{behind}
	for _, c := range here.cells() {
		if c.side != Changing {
			s.found.at(c).add(found)
		}
	}
	return found
}

// expect looks for the instance of a number, if it is due, and tells for how long it had been if it is missing.
func (s *survey) expect(number int, who asker, lookup *inquiry, found *census) history.Time {
	place, its := absence{who, number}, s.registry.lives[number]
	if !its.aliveDuring(lookup.Invoked, lookup.Completed) {
		delete(s.absent, place)
		return 0
	}
	found.due++
	if lookup.shows(number) {
		delete(s.absent, place)
		return 0
	}
	found.missing++
	since, before := s.absent[place]
	if !before {
		since = lookup.Invoked
		s.absent[place] = since
	}
	found.longest = max(found.longest, lookup.Completed-since)
	current, _ := its.at(lookup.Invoked)
	return lookup.Invoked - current.ok
}

func (c *census) add(other census) {
	c.listed += other.listed
	c.ghosts += other.ghosts
	c.due += other.due
	c.missing += other.missing
	c.ages = append(c.ages, other.ages...)
	c.behind = append(c.behind, other.behind...)
	c.longest = max(c.longest, other.longest)
}

func (s *survey) measures() []Measure {
	var measures []Measure
	for _, c := range s.found.sorted() {
		found := s.found.at(c)
		if found.listed > 0 {
			measures = append(measures, c.measure("ghosts", ratio(found.ghosts, found.listed), Ratio))
		}
		if len(found.ages) > 0 {
			slices.Sort(found.ages)
			measures = append(measures, c.measure("ghost age p50", milliseconds(quantile(found.ages, 50)), Milliseconds),
				c.measure("ghost age max", milliseconds(found.ages[len(found.ages)-1]), Milliseconds))
		}
		if len(found.behind) > 0 {
			slices.Sort(found.behind)
			measures = append(measures, c.measure("list age p50", milliseconds(quantile(found.behind, 50)), Milliseconds),
				c.measure("list age max", milliseconds(found.behind[len(found.behind)-1]), Milliseconds))
		}
		if found.due > 0 {
			measures = append(measures, c.measure("missing", ratio(found.missing, found.due), Ratio),
				c.measure("missing longest", milliseconds(found.longest), Milliseconds))
		}
	}
	return measures
}

// corrections measures how long the dead were listed.
func (s *survey) corrections() []Measure {
	var measures []Measure
	for _, function := range []history.Function{history.Lookup, history.CacheLookup} {
		latest, left := s.latest(function)
		if latest < 0 {
			continue
		}
		var times []history.Time
		for number, its := range s.registry.lives {
			for _, ended := range its {
				if ended.left > latest {
					continue
				}
				corrected := history.Time(0)
				if sighted, seen := s.sightings[sightingOf{function, number, ended.asked}]; seen {
					corrected = sighted - ended.left
				}
				times = append(times, corrected)
			}
		}
		c := cell{function: function}
		if len(times) > 0 {
			slices.Sort(times)
			measures = append(measures, c.measure("ghost corrected p50", milliseconds(quantile(times, 50)), Milliseconds),
				c.measure("ghost corrected max", milliseconds(times[len(times)-1]), Milliseconds))
		}
		measures = append(measures, c.measure("ghosts left", float64(left), Count))
	}
	return measures
}

// latest is the invocation of the last lookup, -1 if there is none, and how many of the dead are in
// the last lookup of some client.
func (s *survey) latest(function history.Function) (latest history.Time, left int) {
	latest = -1
	ghosts := s.registry.none()
	for _, who := range s.askers {
		if who.function != function {
			continue
		}
		lookup := s.last[who]
		latest = max(latest, lookup.Invoked)
		for _, number := range lookup.numbers {
			if number < 0 {
				continue
			}
			if _, dead := s.registry.lives[number].deadDuring(lookup.Invoked, lookup.Completed); dead {
				ghosts.add(number)
			}
		}
	}
	return latest, ghosts.size()
}
