# The two that matter: `make run` (the demo) and `make test`. Both set up what they need, from the project's own files.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DISTRIBUTIONS := core $(patsubst %/pyproject.toml,%,$(wildcard plugins/*/pyproject.toml)) server
METADATA := $(addsuffix /pyproject.toml,$(DISTRIBUTIONS))
EDITABLE := $(foreach distribution,$(DISTRIBUTIONS),-e $(distribution))
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# The lists are whole, so nothing is resolved: older pips look past a pin for `name[extra]` and take the newest.
LOCKED := $(PIP) install --no-deps --require-hashes
PORT ?= 8000
DATA ?= .faturat
SEEDS ?= 200
FROM ?= 0
SOAK ?= 20000

# Tests start hundreds of processes, each of which would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check format simulate soak bench wheels lock clean

run: $(VENV)/.run
	$(BIN)/faturat demo --port $(PORT) --data $(DATA)

test: check $(VENV)/.browser
	$(BIN)/pytest -q -n 3 --dist loadfile --no-loadscope-reorder -m "not soak"

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The deterministic simulation. SEED=17 shows one seed's whole trace; BUGS=1 finds each planted bug anew.
simulate: $(VENV)/.dev
	PYTHONPATH=tests $(BIN)/python -m simulation.run $(if $(SEED),--seed $(SEED),--seeds $(SEEDS) --from $(FROM)) $(if $(BUGS),--bugs)

# What is done of the simulation's SOAK seeds is remembered in build/ as long as the code stays the same.
soak: check $(VENV)/.browser
	PYTHONPATH=tests $(BIN)/python -m simulation.run --soak $(SOAK)
	$(BIN)/pytest -q -n auto --maxprocesses 4 -m soak

bench: $(VENV)/.dev
	$(BIN)/python tests/bench/commits.py
	$(BIN)/python tests/bench/verifying.py

# A wheel per distribution, in dist/.
wheels: $(VENV)/.dev
	for distribution in $(DISTRIBUTIONS); do \
		$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist ./$$distribution || exit 1; \
	done

# Third-party versions, pinned with hashes and without index addresses.
lock: $(VENV)/.dev
	for set in run dev; do \
		$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-annotate --custom-compile-command "make lock" \
			requirements/$$set.in --output-file requirements/$$set.txt || exit 1; \
	done

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; say which by: make PYTHON=python3.12 run"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python requirements/run.txt $(METADATA)
	@echo "Installing what Faturat needs (once) ..."
	$(LOCKED) -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation $(EDITABLE)
	$(PIP) check
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@echo "Installing what the tests need (once) ..."
	$(LOCKED) -r requirements/dev.txt
	$(PIP) check
	@touch $@

$(VENV)/.browser: $(VENV)/.dev tests/install_browser.sh
	sh tests/install_browser.sh $(BIN)
	@touch $@
