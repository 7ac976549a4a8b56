package claims

import (
	"fmt"
	"slices"

	"cleave/reports"
)

// Agreement is what one run of each experiment on a real system says of a claim's verdict in simulation.
type Agreement string

// The agreements.
const (
	Agrees  Agreement = "agrees"   // what was supported held, what was refuted was contradicted
	Differs Agreement = "differs"  // what was supported was contradicted
	NotSeen Agreement = "not seen" // nothing was said, or what was refuted was not contradicted, in one run
)

// Agreement compares the wording's evidence from a real system with what the table found.
func (r Result) Agreement() Agreement {
	said := !slices.ContainsFunc(r.Worded, func(e Evidence) bool { return e.Said == 0 })
	contradicted := slices.ContainsFunc(r.Worded, func(e Evidence) bool { return e.Held < e.Said })
	switch {
	case r.Claim.Found == Refuted && contradicted, r.Claim.Found == Supported && said && !contradicted:
		return Agrees
	case r.Claim.Found == Supported && contradicted:
		return Differs
	}
	return NotSeen
}

// Unexplained tells that a real system did otherwise, and that the table has no word on it.
func (r Result) Unexplained() bool { return r.Agreement() == Differs && r.Claim.Differs == "" }

// Real are those claims that are put to real systems.
func Real(all []Claim) []Claim {
	return slices.DeleteFunc(slices.Clone(all), func(c Claim) bool { return !c.Real })
}

// RealPage is what there is to show of results from real systems: of each experiment, one run, whose page is at a link.
func RealPage(results []Result, seed uint64, world, version, command string, link func(Experiment) string) reports.Claims {
	page := Page(results, Seeds{seed, seed}, version, command)
	page.Title = "What the literature claims, on the real systems"
	page.Lead = []string{"One run of each experiment on the real ZooKeeper and the real Eureka in containers, with three servers. A run does not decide " +
		"a claim: the badge says whether it agrees with the verdict that twenty runs in simulation decided.",
		"The bounds are those of the reference systems, whose timeouts differ from the real ones; where a number is outside, the row says so."}
	for t := range page.Themes {
		for i := range page.Themes[t].Claims {
			shown := &page.Themes[t].Claims[i]
			at := slices.IndexFunc(results, func(r Result) bool { return r.Claim.ID == shown.ID })
			results[at].onReal(shown, seed, world, link)
		}
	}
	return page
}

// onReal turns what is shown of a claim into what one run on a real system says.
func (r Result) onReal(shown *reports.Claim, seed uint64, world string, link func(Experiment) string) {
	shown.Verdict, shown.Precise, shown.Alarm = string(r.Agreement()), "", fmt.Sprintf("In simulation: %s.", r.Claim.Found)
	if r.Claim.Differs != "" {
		shown.Alarm += " What differs: " + r.Claim.Differs
	}
	shown.Runs = nil
	for _, experiment := range Experiments([]Claim{r.Claim}) {
		if plan, can := experiment.RealPlan(seed, world); can && link(experiment) != "" {
			shown.Runs = append(shown.Runs, reports.ClaimRun{Name: plan.Name(), Replay: plan.Command(), Link: link(experiment)})
		}
	}
	for _, rows := range [][]reports.ClaimEvidence{shown.Worded, shown.Bounds} {
		for i := range rows {
			rows[i].Telling, rows[i].Dots = "", nil
		}
	}
	for i, e := range r.Worded {
		shown.Worded[i].Verdict = e.alone()
	}
	for i, e := range r.Bounds {
		shown.Bounds[i].Verdict = e.alone()
	}
}

// alone is what a single run says of a finding.
func (e Evidence) alone() string {
	switch {
	case e.Said == 0:
		return string(NotSeen)
	case e.Held == e.Said:
		return string(Supported)
	}
	return string(Refuted)
}
