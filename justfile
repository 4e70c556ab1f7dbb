# The commands we all use, by name. `just` alone lists them.

_list:
    @just --list

# The main job, on sample matter: arguments go to `lockstep demo` (try --once)
demo *args:
    ./scripts/demo {{args}}

# Formatting, lints and all tests: what CI runs
test *args:
    ./scripts/test {{args}}

# Formatting and lints alone
check:
    . scripts/env && cargo fmt --all --check && cargo clippy --workspace --all-targets --locked -- -D warnings

# The protocol model, longer than in the test run
model:
    . scripts/env && LOCKSTEP_MODEL=long cargo test -p lockstep-tests --test model -- --nocapture

# Random acts and faults against the history checker, for these seeds
chaos seeds="1..101":
    . scripts/env && LOCKSTEP_CHAOS={{seeds}} cargo test -p lockstep-tests --test chaos -- --nocapture

# Every service in one process, on a deployment's folder
serve home *args:
    . scripts/env && cargo run -p lockstep -- serve all --home {{home}} {{args}}

# Accept new golden files (samples, charts, tables) after looking at them
bless:
    . scripts/env && LOCKSTEP_BLESS=1 cargo test -p lockstep-proto -p lockstep-explainer -p lockstep-release

# Make the typeface's subset anew
fonts:
    ./scripts/fonts

# How long a fact takes, and how many a second, in both modes beside the raw limits
bench *args:
    . scripts/env && cargo bench -p lockstep-tests --bench bus -- {{args}}

# how long the gate takes, with longer and longer texts
bench-gate *args:
    . scripts/env && cargo bench -p lockstep-gate --bench gate -- {{args}}

# how long pictures take, beside the peers' benches
bench-pictures *args:
    . scripts/env && cargo bench -p lockstep-explainer --bench pictures -- {{args}}

# hostile input for the gate, so many seconds for each of its targets
fuzz seconds="60":
    . scripts/env && BOLERO_RANDOM_TEST_TIME_MS=$(({{seconds}} * 1000)) cargo test -p lockstep-gate --test fuzz
