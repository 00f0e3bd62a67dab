# Oberih. `make demo` and `make test` set everything up first; the rest is for those who work on it.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/ready
DEMO   ?=
TESTS  ?= tests
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup demo test check fix bench torture evaluate offline-model lock clean

help:            ## what can be made
	@grep -E '^[a-z-]+: .*##|^[a-z-]+:  *##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

setup: $(READY)  ## an environment in .venv with every pinned package
$(READY): requirements.lock requirements-nodeps.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Oberih needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements-nodeps.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $(READY)

demo: $(READY)   ## an example district: seeded, archived, indexed, searched, replayed; then served (DEMO="--once" stops before; DEMO="--year": a year)
	$(BIN)/oberih demo $(DEMO)

test: $(READY)   ## the whole suite, a module at a time on each of two cores (WORKERS=4 TESTS=tests/app)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder $(TESTS)

check: $(READY)  ## walls between rooms, lint, types, tidiness
	$(BIN)/lint-imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_tidy.py

fix: $(READY)    ## what ruff can mend by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)  ## speed and memory, as ratios measured side by side (minutes)
	$(BIN)/python -m tests.benchmarks

CYCLES ?= 200
CUTS   ?= 50
KILLS  ?= 300
INDEX_CUTS ?= 100
CASES  ?= 200
FILMS  ?= 100
SWITCHES ?= 20
IMPORTS ?= 50
torture: $(READY)  ## kills, power cuts, damage, forgetting: CYCLES=200 CUTS=50 KILLS=300 INDEX_CUTS=100 CASES=200 FILMS=100 SWITCHES=20 IMPORTS=50 (an hour or two)
	$(BIN)/python -m tests.torture --cycles $(CYCLES) --cuts $(CUTS) --kills $(KILLS) --index-cuts $(INDEX_CUTS) \
	    --cases $(CASES) --films $(FILMS) --switches $(SWITCHES) --imports $(IMPORTS)

EVALUATE ?=
evaluate: $(READY) ## search quality against baselines, compared with the committed table (EVALUATE=--write keeps the new one)
	$(BIN)/python -m tests.benchmarks.evaluation $(EVALUATE)

offline-model: $(READY)  ## trains the offline model's weights again (about an hour on two cores)
	$(BIN)/python -m gpu_jobs.offline_model.train

lock: $(READY)   ## pins what is installed now
	$(BIN)/python -m pip install --quiet -r requirements.in
	$(BIN)/python tests/lock.py > requirements.lock

clean:           ## removes what was built
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
