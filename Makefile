# Cleave. Needs Go and make alone; "make" lists the targets.

SYSTEMS  ?= cpstore,apregistry
WORLD    ?=
SEED     ?= 1
STORE    ?= store
# In containers a second takes a second: fewer faults, nodes and seconds.
CONTAINERS ?= --nodes 3 --clients 6 --warmup 5s --duration 42s --quiet 20s \
	--faults halves-leader-minority,isolate-leader,one-way-in,flapping,kill-leader,pause,loss
FUZZTIME ?= 30s
CALLERFAULTS ?= none,isolate-one,halves-leader-minority,halves-clients-across,shatter,bridge,one-way-in,flapping,kill-leader,kill-all

.DEFAULT_GOAL := help
.PHONY: help partition-test callers claims bugs bugs-page test bench bench-cpstore images lint tidy fuzz rewrite bench-apregistry bin/cleave

help: ## list the targets
	@awk -F ':.*## ' '/^[a-zA-Z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo "Variables: SYSTEMS=$(SYSTEMS) WORLD=$(WORLD) SEED=$(SEED) STORE=$(STORE) FUZZTIME=$(FUZZTIME)"

partition-test: bin/cleave ## compare SYSTEMS under the same partitions and write an HTML page under STORE; in containers with WORLD=docker
	bin/cleave compare --systems $(SYSTEMS) --seed $(SEED) --store $(STORE) $(if $(WORLD),--world $(WORLD)) $(if $(filter docker,$(WORLD)),$(CONTAINERS)) $(COMPAREFLAGS)

callers: bin/cleave ## draw for which failures CP, AP or CP behind a cache gives a service more successful calls, over 20 seeds; takes a minute
	bin/cleave compare --workloads discovery --systems cpstore,cachedcp,apregistry,apregistry-plain --seeds 1-20 \
		--faults $(CALLERFAULTS) --store $(STORE) $(COMPAREFLAGS)

claims: bin/cleave ## put the literature's claims to the test, and write a page under STORE; one run each on the real systems with WORLD=docker
	bin/cleave claims --store $(STORE) $(if $(WORLD),--world $(WORLD)) $(CLAIMSFLAGS)

bugs: ## hunt every planted bug and write the track record, docs/bugs.md; fails when one that was found is not any more
	go test -count=1 -timeout 120m ./cmd/cleave -run '^TestBugRecord$$' -v -record
	@$(MAKE) --no-print-directory bugs-page

bugs-page: ## write the kill matrix of docs/bugs.md as a page, STORE/bugs.html
	go test -count=1 ./cmd/cleave -run '^TestKillsPage$$' -killspage $(abspath $(STORE))/bugs.html

bug-NAME: ## hunt one planted bug, such as bug-zk-4785, and show the witness

bug-%: bin/cleave
	@hunt=$$(bin/cleave list --bugs | sed -n 's/^.*: cleave \(run .* --bug $*\)$$/\1/p' | head -n 1); \
	if [ -z "$$hunt" ]; then echo "there is no bug $*; these are:"; bin/cleave list --bugs | grep -v ' found by '; exit 1; fi; \
	echo "cleave $$hunt --first"; \
	bin/cleave $$hunt --first --store $(STORE); status=$$?; \
	case $$status in \
	1) echo "found: $* breaks what it was expected to" ;; \
	0|2) echo "not found: no seed broke a promise"; exit 1 ;; \
	*) exit $$status ;; \
	esac

bin/cleave:
	CGO_ENABLED=0 go build -o $@ ./cmd/cleave

test: ## vet and run all tests
	go vet ./...
	go test -timeout 30m ./...

bench: ## run all benchmarks
	@packages=$$(grep -rlE --include='*_test.go' '^func Benchmark' . | sed 's|/[^/]*$$||' | sort -u); \
	if [ -z "$$packages" ]; then echo "no benchmarks"; exit 0; fi; \
	set -x; go test -run '^$$' -bench . -benchmem $(BENCHFLAGS) $$packages

bench-cpstore: bin/cleave ## measure the CP store's server beside Debian's ZooKeeper, if that is installed
	go run ./cmd/zkbench -binary bin/cleave $(BENCHFLAGS)

bench-apregistry: bin/cleave ## measure one node of the AP registry with 10,000 instances
	go run ./cmd/eurekabench $(BENCHFLAGS)

images: ## build the Docker images of the real systems, or some: IMAGES="zookeeper-3.9 eureka-spring"; BASE is theirs
	IMAGES="$(IMAGES)" BASE="$(BASE)" world/docker/images/build.sh

lint: ## check formatting, vet, and the rules of internal/tidy
	@unformatted=$$(gofmt -l .) || exit 1; \
	if [ -n "$$unformatted" ]; then echo "not formatted; run gofmt -w on:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	@$(MAKE) --no-print-directory tidy

tidy: ## check the rules of internal/tidy alone
	go test -count=1 ./internal/tidy

fuzz: ## run every fuzz target for FUZZTIME
	@set -e; \
	for package in $$(grep -rlE --include='*_test.go' '^func Fuzz' . | sed 's|/[^/]*$$||' | sort -u); do \
		listed=$$(go test -list '^Fuzz' $$package); \
		for target in $$(echo "$$listed" | grep '^Fuzz'); do \
			echo "== $$package $$target"; \
			go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$package; \
		done; \
	done

rewrite: ## write the golden files under testdata anew; read the difference before you keep it
	@set -e; \
	for package in $$(grep -rlE --include='*_test.go' 'golden\.(Equal|Replay|Scripts)\(' . | sed 's|/[^/]*$$||' | sort -u); do \
		go test -count=1 $$package -rewrite; \
	done
