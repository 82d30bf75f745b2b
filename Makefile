# The verbs of this repository. `make test` is the gate. CONTRIBUTING.md says
# what runs when.

.PHONY: release test check soak race bench compare load lint fuzz corpus

# What the gate draws at random is the same each time.
export RAPID_SEED = 1
export RAPID_NOFAILFILE = 1

# Runs a command with one PostgreSQL server for all the tests it starts.
postgres = go run ./internal/harness/withpostgres

# Installs what the tests need where it is missing and may be installed, and
# fails if it cannot; runs everything. Where it may not, the tests concerned
# skip and say which package they miss.
test:
	@./scripts/install-test-needs
	go vet ./...
	$(postgres) go test -vet=off -count=1 -timeout 30m ./...

# Before an issue is called done: what the gate leaves out because of its time.
check: lint race
	$(MAKE) fuzz FUZZTIME=5s

lint:
	go vet ./...
	go tool -modfile=tools/go.mod staticcheck ./...
	@out=$$(go tool -modfile=tools/go.mod gofumpt -l .); test -z "$$out" || { echo "not gofumpt'd:"; echo "$$out"; exit 1; }
	go mod tidy -diff

concurrent = (^|[[:space:]])go (func|[a-z][A-Za-z.]*\()|\.Go\(|\.Parallel\(
soaked = "(cordon/internal/harness/soak|pgregory.net/rapid)"$$
# The folders of the Go files that have a line of this form.
folders = $$(grep -rlE '$(1)' --include='*.go' *.go client cmd internal marking wire | xargs -n1 dirname | sort -u | sed 's|^|./|')

# The race detector (needs a C compiler) over every package that has goroutines,
# itself or in its tests. It takes ten times as long, so that the run is a short one.
race:
	@./scripts/install-test-needs
	RAPID_CHECKS=20 $(postgres) go test -vet=off -race -short -count=1 -timeout 30m $(call folders,$(concurrent))

# Each fuzz target for a while.
FUZZTIME = 60s
fuzz:
	@grep -rE '^func Fuzz' --include='*_test.go' *.go client cmd internal marking wire | sed -E 's|^([^:]*/)?[^:/]*:func (Fuzz[A-Za-z0-9_]*).*|./\1 \2|' | \
	while read -r folder target; do \
		echo "$$folder $$target"; \
		go test -vet=off -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) "$$folder" || exit 1; \
	done

# What is long and random, much more of it than in the gate, for each seed:
# histories held against a model, processes killed, properties, and the one test
# that measures time.
SEEDS = 2 3
soak:
	@./scripts/install-test-needs
	@for seed in $(SEEDS); do \
		echo "seed $$seed"; \
		CORDON_SOAK=1 CORDON_SEED=$$seed RAPID_SEED=$$seed RAPID_CHECKS=1000 \
			$(postgres) go test -vet=off -count=1 -timeout 180m $(call folders,$(soaked)) || exit 1; \
	done

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

# The programs for every platform, man pages, completions and the files for
# systemd, into dist/. scripts/release --check builds all of it twice and compares.
release:
	./scripts/release

# The files of a folder, through the readers of formats: which words are lost
# without being named, by a count of its own; what hangs; what crashes.
corpus:
	@test -n "$(DIR)" || { echo "say which folder: make corpus DIR=…"; exit 1; }
	CORDON_CORPUS=$(abspath $(DIR)) go test -count=1 -v -run TestCorpus ./internal/harness/lost
