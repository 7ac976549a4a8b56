// Package checker judges histories. A Checker is a pure function of a history: it says valid,
// invalid with a witness, or unknown with the cause, and what it measured on the way.
//
// A map of the files: checker.go (Checker, Result, Verdict and how they merge), measures.go (numbers by
// side, phase and function), sides.go (who can reach whom as time goes by, and where clients stand);
// and one file per property:
//
//	linearizable.go  every operation at one instant; with search.go (the engine, porcupine, and its page),
//	                 shrink.go (fewer operations) and order.go (why they have no order); package linear
//	                 judges in O(n log n) what it can, package engine searches
//	words.go         the beginning of time, lengths of it, and words of package evidence
//	isolated.go      transactions, by their consistency
//	sequential.go    no client sees the system go back
//	availability.go  who was answered, and who had to be; with service.go (success, outages, recovery)
//	answered.go      whether enough of all operations were answered
//	strongest.go     the strongest consistency model that holds, and each by itself (package consistency)
//	staleness.go     how old reads are; with spans.go (intervals within intervals); atomicity.go: how far from
//	                 atomic they are
//	invariants.go    queues, sets, counters, ids, locks, banks, configurations (package invariants)
//	discovery.go     ghosts and missing instances; with lives.go (when instances were up, what lookups
//	                 listed), facts.go (what checkers share of these), and the promises lost.go, ghost.go, phantom.go and forgetting.go
//	departures.go    for how long the dead and those who took leave are listed; newcomers.go: who registers during a
//	                 partition, and is found; lastanswer.go: for how long the wrong side still answers
//	cachesurvives.go clients' own caches have no end of life; cachefollows.go: and come to the truth after the heal
//	calls.go         the calls that consumers would have made with what they were told, and how many reached a live instance
//	livelisted.go    after the heal every list shows the living; deadgone.go: and not the dead; samelists.go: and
//	                 all are the same; with finallists.go (which lists are judged)
//	cancels.go       cancels reach every node that can be told
//	selfpreservation.go  self-preservation by the formula; eviction.go: nobody is dropped meanwhile;
//	                 smallregistry.go: nor a single crash of few; with protection.go (what nodes noted)
//	overrides.go     statuses that operators set stand
//	oneshot.go       events come only to watches; with trails.go (what happened at each client, in order)
//	                 and watching.go (watches, events, and what reads of znodes show)
//	eventfirst.go    no answer shows a change before its event
//	missed.go        no watch misses a change; with changes.go (what is known of each znode's changes); untold.go: what
//	                 one-shot watches do not tell
//	eventorder.go    events come in the order of the changes
//	ephemerals.go    ephemeral znodes live as long as their sessions; deadowners.go: not for ever;
//	                 continuity.go: sessions that nothing disturbs live on
//	sequences.go     numbers of sequential znodes
//	transactions.go  multis, whole or not at all
//	holders.go       of the recipes (attendance.go: who takes part): one holder at a time, and somebody in the end; herd.go: one departure wakes one;
//	                 oneplace.go: nobody waits twice; barrier.go: all enter and leave together
//	balanced.go      what is divided is so fairly, soon after the heal; committed.go: each message is committed once
//	runs.go          a scheduled job runs once for each trigger, and for every one
//	copyfollows.go   clients' own copies of a configuration come to be current after the heal; orphans.go: no name is nobody's
//	echoes.go        echoes are what was said; delivered.go: in the end every node has every element; countertotal.go: and
//	                 the sum; with recovery.go (what may yet come right)
//	logoffsets.go    messages of logs have their offsets, and polls skip none; logcomplete.go: none is missing in the end;
//	                 commits.go: how far clients have come is kept; with logs.go (what sends and polls show)
//	convergence.go   all nodes say the same in the end
//	vacuity.go       whether the run can show anything
//	watch.go         checkers that mind no bounds, and are left alone beyond them
//	notes.go         no panic, and one leader a term
//	membership.go    who belongs to a store changes one by one, and all nodes belong in the end
package checker
