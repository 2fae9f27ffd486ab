# Names for commands. Each is one line; what needs logic is a subcommand of the binary or a test.

DATA   ?= ./data
LISTEN ?= 127.0.0.1:8080

# The dev profile on purpose: `run` and `test` then share one build, so the second of the two commands starts soon.
LEADTRAIL = cargo run --package api --bin leadtrail --

.DEFAULT_GOAL := help
.PHONY: help tools run test torture torture-short check fmt demo verify bench release clean-data

help: ## list these commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */\1\t/' | awk -F '\t' '{ printf "  make %-11s %s\n", $$1, $$2 }'

tools:
	@for tool in cargo cc; do command -v $$tool >/dev/null || { echo "$$tool is missing: install a Rust toolchain (https://rustup.rs) and a C compiler (on Debian or Ubuntu: apt-get install build-essential)" >&2; exit 1; }; done

run: tools ## build, then serve the demo company from ./data (SQLite); prints the address and how to get in
	$(LEADTRAIL) serve --demo --data $(DATA) --listen $(LISTEN)

test: tools ## run every test, on SQLite and on a PostgreSQL server of its own
	tests/with-postgres.sh cargo test --workspace

check: tools ## formatting, lints, and the rules without clock, chance and IO
	cargo fmt --all --check && cargo clippy --workspace --all-targets -- -D warnings && cargo check --package domain

fmt: tools ## format the code
	cargo fmt --all

demo: tools ## make the demo company in ./data without serving it
	$(LEADTRAIL) demo --data $(DATA)

torture: tools ## kill, starve and cut off the product for a quarter of an hour, and see that nothing acknowledged is lost
	tests/torture.sh

torture-short: tools ## the same in a few minutes
	tests/torture.sh --short

verify: tools ## check the log and the read models in ./data
	$(LEADTRAIL) verify --data $(DATA)

bench: tools ## measure; what supports a claim goes to docs/benchmarks
	LEADTRAIL_TEST_DURABLE=1 tests/with-postgres.sh cargo bench --workspace --benches

release: tools ## build the optimised binary, target/release/leadtrail
	cargo build --release --package api --bin leadtrail

clean-data: ## delete ./data: the demo company, the token, everything in it
	rm -rf ./data
