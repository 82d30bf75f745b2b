# The verbs of this repository. `make test` is the only gate.

.PHONY: load test race bench compare lint fuzz

# Installs what the tests need where it is missing and may be installed, says
# so, and runs everything. Where it may not, the tests concerned skip and say
# which package they miss.
test:
	@./scripts/install-test-needs
	go vet ./...
	go test -count=1 -timeout 14m ./...

# As test, with the race detector (needs a C compiler).
race:
	@./scripts/install-test-needs
	go test -race -count=1 -timeout 45m ./...

# Every benchmark, with the peer or the physical floor in the same run.
# docs/benchmarks.md says what the figures mean. CORDON_BENCH_SIZE=1000000 has
# what a reader may see measured on a million portions, which takes a while.
bench:
	@./scripts/install-test-needs
	CORDON_PGTEST_FSYNC=on go test -run '^$$' -bench . -benchmem -timeout 60m ./...
	go test -C bench -run '^$$' -bench . -benchmem -timeout 30m .

# Real servers under load for five minutes, on each store, killed and restarted.
load:
	@./scripts/install-test-needs
	CORDON_LOAD=5m CORDON_PGTEST_FSYNC=on go test -count=1 -v -run TestLoad -timeout 40m ./internal/harness/loadtest

# The server of this checkout beside that of another, in one run: the ratio of
# what opening, publishing, listing and searching take. make compare BASE=DIR
compare:
	@test -n "$(BASE)" || { echo "say which checkout to compare with: make compare BASE=DIR"; exit 1; }
	CORDON_COMPARE=$(abspath $(BASE)) CORDON_PGTEST_FSYNC=on go test -count=1 -v -run TestCompare -timeout 60m ./internal/harness/compare

lint:
	go vet ./...
	@test -z "$$(gofmt -l .)" || { echo "not gofmt'd:"; gofmt -l .; exit 1; }
	go tool -modfile=tools/go.mod staticcheck ./...
	@out=$$(go tool -modfile=tools/go.mod gofumpt -l .); test -z "$$out" || { echo "not gofumpt'd:"; echo "$$out"; exit 1; }

# Each fuzz target for a minute.
fuzz:
	@for pkg in $$(go list ./...); do \
		for f in $$(go test -list '^Fuzz' $$pkg 2>/dev/null | grep '^Fuzz'); do \
			echo "$$pkg $$f"; go test -run '^$$' -fuzz "^$$f\$$" -fuzztime 60s $$pkg || exit 1; \
		done; \
	done
