package claims

import "time"

// The experiments of the table: each is run once for every seed, however many findings are of it.
var (
	// The store, and three registers that are read and written.
	leaderCut  = Experiment{System: "cpstore", Workload: "register", Faults: "isolate-leader"}
	halvesCut  = Experiment{System: "cpstore", Workload: "register", Faults: "halves-leader-minority"}
	leaderDead = Experiment{System: "cpstore", Workload: "register", Faults: "kill-leader"}
	oneDead    = Experiment{System: "cpstore", Workload: "register", Faults: "kill-one"}
	shattered  = Experiment{System: "cpstore", Workload: "register", Faults: "shatter"}
	powerLost  = Experiment{System: "cpstore", Workload: "register", Faults: "power-loss"}
	slowLeader = Experiment{System: "cpstore", Workload: "register", Faults: "delay"}
	wrongClock = Experiment{System: "cpstore", Workload: "register", Faults: "clock-skew"}
	anyCut     = Experiment{System: "cpstore", Workload: "register", Faults: "partitions"}
	// Many clients who ask seldom: some stand beside a leader that was cut off and have not yet waited in vain.
	crowd = Experiment{System: "cpstore", Workload: "register", Faults: "flapping", Clients: 60, Every: 600 * time.Millisecond}

	// The store, and what else it keeps.
	pairs       = Experiment{System: "cpstore", Workload: "multi", Faults: "isolate-leader"}
	pairsKilled = Experiment{System: "cpstore", Workload: "multi", Faults: "kill-all"}
	numbers     = Experiment{System: "cpstore", Workload: "sequences", Faults: "flapping"}
	watchers    = Experiment{System: "cpstore", Workload: "watches", Faults: "flapping"}
	owners      = Experiment{System: "cpstore", Workload: "sessions", Faults: "halves-leader-minority"}
	ownersMoved = Experiment{System: "cpstore", Workload: "sessions", Faults: "kill-one"}

	// The store as a registry of services.
	storeCalm   = Experiment{System: "cpstore", Workload: "discovery", Faults: "none"}
	storeHalves = Experiment{System: "cpstore", Workload: "discovery", Faults: "halves-leader-minority"}
	storeLeader = Experiment{System: "cpstore", Workload: "discovery", Faults: "kill-leader"}

	// The registry.
	registryHalves  = Experiment{System: "apregistry", Workload: "discovery", Faults: "halves-leader-minority"}
	registryDown    = Experiment{System: "apregistry", Workload: "discovery", Faults: "kill-all"}
	clientsAlone    = Experiment{System: "apregistry", Workload: "discovery", Faults: "clients-cut-off"}
	registryOneDown = Experiment{System: "apregistry", Workload: "convergence", Faults: "kill-one"}
	registryAlone   = Experiment{System: "apregistry", Workload: "discovery", Faults: "kill-leader"}
	turnoverCalm    = Experiment{System: "apregistry", Workload: "convergence", Faults: "none"}
	turnoverHalves  = Experiment{System: "apregistry", Workload: "convergence", Faults: "halves-leader-minority"}
	fewCrash        = Experiment{System: "apregistry", Workload: "self-preservation", Faults: "none"}
	fewCut          = Experiment{System: "apregistry", Workload: "self-preservation", Faults: "halves-leader-minority"}
	registryValues  = Experiment{System: "apregistry", Workload: "register", Faults: "halves-leader-minority"}
	registryClock   = Experiment{System: "apregistry", Workload: "register", Faults: "clock-skew"}
	// What people build on the store, right and as it is often written.
	master           = Experiment{System: "cpstore", Workload: "election", Faults: "isolate-leader"}
	masterGoesOn     = Experiment{System: "cpstore", Workload: "election", Faults: "isolate-leader", Bug: "election-keeps-leading"}
	lock             = Experiment{System: "cpstore", Workload: "lock", Faults: "isolate-leader"}
	lockGoesOn       = Experiment{System: "cpstore", Workload: "lock", Faults: "isolate-leader", Bug: "lock-keeps-holding"}
	lockFenced       = Experiment{System: "cpstore", Workload: "fenced-lock", Faults: "isolate-leader"}
	queue            = Experiment{System: "cpstore", Workload: "queue", Faults: "flapping"}
	queueAgain       = Experiment{System: "cpstore", Workload: "queue", Faults: "random", Bug: "queue-retries-delete"}
	consumers        = Experiment{System: "cpstore", Workload: "consumers", Faults: "isolate-leader"}
	schedule         = Experiment{System: "cpstore", Workload: "scheduler", Faults: "isolate-leader"}
	scheduleAlone    = Experiment{System: "cpstore", Workload: "scheduler", Faults: "isolate-leader", Bug: "scheduler-runs-alone"}
	scheduleUnmarked = Experiment{System: "cpstore", Workload: "scheduler", Faults: "none", Bug: "scheduler-marks-nothing"}
	configured       = Experiment{System: "cpstore", Workload: "config", Faults: "isolate-leader"}
	grouped          = Experiment{System: "cpstore", Workload: "group", Faults: "isolate-leader"}
	dubbo            = Experiment{System: "cpstore", Workload: "dubbo", Faults: "none"}
	dubboSwallows    = Experiment{System: "cpstore", Workload: "dubbo", Faults: "none", Bug: "dubbo-swallows-exists"}

	// The same questions to all, and the calls that their answers would lead to.
	callsStore     = Experiment{System: "cpstore", Workload: "discovery", Faults: "halves-leader-minority", Alike: true}
	callsRegistry  = Experiment{System: "apregistry", Workload: "discovery", Faults: "halves-leader-minority", Alike: true}
	cached         = Experiment{System: "cachedcp", Workload: "discovery", Faults: "halves-leader-minority", Alike: true}
	callsStoreCalm = Experiment{System: "cpstore", Workload: "discovery", Faults: "none", Alike: true}
	callsCalm      = Experiment{System: "apregistry", Workload: "discovery", Faults: "none", Alike: true}
)
