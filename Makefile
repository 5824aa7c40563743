# Everything a contributor or CI runs. `make` alone says what there is.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
VENV_VLLM := .venv-vllm
VENV_BENCH := .venv-bench
JOBS ?= $(shell getconf _NPROCESSORS_ONLN)
TOPIC ?= Should a small team run its own language models?

.DEFAULT_GOAL := help
.PHONY: help demo install test check format test-slow test-vllm test-image bench simulate simulate-long chaos chaos-short fuzz audit texts settings picture threads photos lock clean

help: ## say what there is
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

# A stamp per requirements file, so that a second run starts at once.
$(VENV)/%.stamp: requirements/%.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=python3.12 …"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing requirements/$*.txt into $(VENV) …"
	@$(PIP) install --require-hashes -r requirements/$*.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

demo: $(VENV)/try.stamp ## a whole debate in this terminal; no key, no account, no server
	@$(BIN)/tertulia try "$(TOPIC)" --panel ai-en

install: $(VENV)/try.stamp $(VENV)/run.stamp ## everything to run it: the command, both bots, embedded parts

test: $(VENV)/dev.stamp ## the tests, ten minutes on two cores; JOBS=1: one after the other
	@$(BIN)/pytest -n $(JOBS) --dist worksteal \
		--ignore tests/vllm --ignore tests/slow --ignore tests/deploy_slow

check: $(VENV)/dev.stamp ## format, lint, types, import contracts, translations
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m bots.chat.locale --check
	@$(BIN)/python -m docs.settings --check

format: $(VENV)/dev.stamp ## put the code in order
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

test-slow: $(VENV)/dev.stamp ## kills at random moments, twenty debates with the smallest model
	@$(BIN)/pytest tests/slow

test-vllm: $(VENV)/dev.stamp ## debates on the real vLLM, on the CPU, in an environment of its own
	@tests/vllm/install.sh $(VENV_VLLM)
	@$(BIN)/pytest tests/vllm

test-image: $(VENV)/dev.stamp ## build the image and run it; two nodes with TLS (root, buildah, debootstrap, haproxy)
	@$(BIN)/pytest tests/deploy_slow

$(VENV_BENCH)/bench.stamp: requirements/bench.txt
	@$(PYTHON) -m venv --clear $(VENV_BENCH)
	@$(VENV_BENCH)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r $<
	@touch $@

bench: $(VENV)/dev.stamp $(VENV_BENCH)/bench.stamp ## speed, beside others; ARGS="engine --quick"
	@$(BIN)/python -m tests.bench $(ARGS)

simulate: $(VENV)/dev.stamp ## 2,000 debates with faults, simulated; a seed replays each failure
	@$(BIN)/python -m tests.simulation --debates 2000

simulate-long: $(VENV)/dev.stamp ## 10,000 of them, with other seeds
	@$(BIN)/python -m tests.simulation --debates 10000 --seed 100000

chaos: $(VENV)/dev.stamp ## 1,000 debates, 500 kills, 2,000 faults, real processes; twenty minutes and more
	@$(BIN)/python -m tests.chaos --debates 1000 --kills 500 --faults 2000 --at-once 12 \
		--per-minute 110 --json bench/chaos.json $(ARGS)

chaos-short: $(VENV)/dev.stamp ## two minutes of faults from one seed, as CI has them
	@$(BIN)/python -m tests.chaos --seed 1 --minutes 2 --at-once 4 --per-minute 80 \
		--shrink-minutes 3 --json bench/chaos-short.json $(ARGS)

fuzz: $(VENV)/dev.stamp ## tamper with all that is read from outside, for MINUTES=5
	@$(BIN)/python -m tests.fuzz --minutes $(or $(MINUTES),5)

audit: $(VENV)/dev.stamp ## known holes in what is pinned; needs a network that reaches pypi.org
	@set -e; for file in run try dev build; do \
		$(BIN)/pip-audit --strict --require-hashes --disable-pip -r requirements/$$file.txt; done

texts: $(VENV)/dev.stamp ## collect the texts to translate, and compile the translations
	@$(BIN)/python -m bots.chat.locale

settings: $(VENV)/dev.stamp ## write docs/settings.md anew from the code
	@$(BIN)/python -m docs.settings

picture: $(VENV)/try.stamp ## draw the README's pictures anew
	@$(BIN)/tertulia try "$(TOPIC)" --panel ai-en --model script:docs/debate.jsonl --format jsonl \
		| $(BIN)/python docs/picture.py

threads: $(VENV)/dev.stamp ## draw the threads anew, as Discord would show them; needs Chromium, fonts-inter
	@$(BIN)/python -m docs.discord
	@$(BIN)/python -m docs.slack

photos: $(VENV)/dev.stamp ## photograph the web room anew; needs Chromium, fonts-inter, fonts-noto-color-emoji
	@$(BIN)/python -m docs.room

lock: ## pin the requirements anew, from the ranges in pyproject.toml
	@$(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip -q install uv
	@set -e; pin() { .venv-lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes \
		--no-header --quiet pyproject.toml "$$@"; }; \
		pin --group build --extra try -o requirements/try.txt; \
		pin --group build --extra try --extra slack --extra discord --group dev -o requirements/dev.txt; \
		pin --extra slack --extra discord -c requirements/dev.txt -o requirements/run.txt; \
		.venv-lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		--quiet --group build -c requirements/dev.txt -o requirements/build.txt; \
		.venv-lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		--quiet --group bench -o requirements/bench.txt
	@rm -rf .venv-lock

clean: ## take away what was installed and cached here
	rm -rf $(VENV) $(VENV_VLLM) $(VENV_BENCH) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
