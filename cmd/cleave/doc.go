// Command cleave puts distributed systems under faults and judges what they kept.
//
// A map of the files: main.go (the root command and exit codes), wiring.go (the table of systems and
// worlds), flags.go (a plan from flags), screen.go (what is printed), columns.go
// (how wide; columns_linux.go, columns_other.go: what the terminal says), ci.go (what CI is told), and one file per verb: run.go,
// sweep.go (and sweepshrink.go, of what it finds), merge.go, compare.go (and against.go, beside an earlier one), shrink.go,
// claims.go (and claimsreal.go, on the real systems), replay.go, check.go (and checkfile.go, of files, with amount.go,
// amounts of memory), convert.go, report.go, serve.go, show.go, list.go, schedule.go, version.go, node.go, doctor.go, gc.go, hold.go,
// maelstrom.go (with maelstromflags.go, what Maelstrom's flags mean here). What somebody brings along: bringing.go (flags), custom.go (systems
// of one's own), program.go (a program that speaks Maelstrom's protocol), image.go (a container
// image that a file describes) with imageverb.go (its verb). A
// node's own: storenode.go (of the CP store), registrynode.go (of the AP registry), probenode.go (of what
// worlds are tested with), registryconfig.go (its configuration) and registryvalue.go (values in it). How
// systems run as processes: native.go; in containers: containers.go (the world of containers for a plan), deploy.go (what our own
// systems have in common), deploystore.go, deploycached.go, deployregistry.go and deployeureka.go.
package main
