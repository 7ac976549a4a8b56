package checker

import (
	"fmt"
	"time"

	"cleave/history"
)

// Continuity judges whether a client that nothing disturbs keeps its session: no session expires before
// the first fault, nor from Settle after the quiet phase began.
//
//	warm-up      faults                quiet   Settle
//	                  expired (excused)   |......       expired: invalid
//
// Measured if valid: how many "sessions" there were, and "sessions expired".
type Continuity struct {
	Settle time.Duration
}

// Name is "continuity".
func (Continuity) Name() string { return "continuity" }

// Check judges. It is Unknown if no client ever said that it had a session.
func (c Continuity) Check(h *history.History, _ Budget) Result {
	quiet, isQuiet := h.PhaseStart(history.Quiet)
	settled, first := history.Forever, history.Forever
	if isQuiet {
		settled = quiet + history.Time(c.Settle)
	}
	if faults := h.Faults(); len(faults) > 0 {
		first = faults[0].Time
	}
	sessions, excused := map[string]bool{}, 0
	for _, noted := range h.Notes() {
		session := sessionIn(noted.Note.Detail)
		switch {
		case noted.Note.Kind == noteConnected:
			sessions[session] = true
		case noted.Note.Kind != noteExpired:
		case noted.Time < first:
			return expired(noted, session, "before any fault")
		case noted.Time >= settled:
			return expired(noted, session, fmt.Sprintf("%s after all had been healed at %s, longer than the %s allowed",
				brief((noted.Time-quiet).Duration()), second(quiet), brief(c.Settle)))
		default:
			excused++
		}
	}
	if len(sessions) == 0 {
		return Result{Verdict: Unknown, Reason: "no client said that it had a session"}
	}
	return Result{Verdict: Valid, Reason: fmt.Sprintf("%s, of which %d expired, none while nothing disturbed it", counted(len(sessions), "session"), excused),
		Measures: []Measure{cell{}.measure("sessions", float64(len(sessions)), Count), cell{}.measure("sessions expired", float64(excused), Count)}}
}

func expired(noted history.Event, session, when string) Result {
	return Result{Verdict: Invalid, Reason: fmt.Sprintf("%s lost its session, and nothing had disturbed it", noted.Note.Node),
		Witness: &Witness{Operations: []history.Operation{}, Explanation: []string{
			fmt.Sprintf("%s was told at %s that its session %s had expired, %s", noted.Note.Node, second(noted.Time), session, when),
		}}}
}
