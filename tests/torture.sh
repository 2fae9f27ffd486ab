#!/usr/bin/env bash
# Runs the faults of docs/FAULTS.md over SQLite and a PostgreSQL server as durable as it comes:  tests/torture.sh [--short] [NAME]...
#
# Two binaries are needed, the one that ships and one with fail points; both are built as `make test` builds them.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly built=${CARGO_TARGET_DIR:-target}/debug
readonly kept=${CARGO_TARGET_DIR:-target}/torture
mkdir -p "$kept"
cargo build --locked --package api --bin leadtrail --features failpoints
cp "$built/leadtrail" "$kept/leadtrail-failpoints"
cargo build --locked --package api --bin leadtrail --package tests --bin torture
cp "$built/leadtrail" "$kept/leadtrail"
LEADTRAIL_TEST_DURABLE=1 tests/with-postgres.sh "$built/torture" run --binary "$kept/leadtrail" --failing "$kept/leadtrail-failpoints" "$@"
