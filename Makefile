# make run    the sample city at 1/10 scale, an edition of it, the path to its targets, its plan, and its report
# make test   every test; the last lines name what was not run and why
# make quick  the tests that take less than a second, in a minute
# make bench  the benchmark at scale 1 (minutes, 6 GiB)
# make lint   style, types, layers
#
# Stamp files in .venv make repeats quick: an environment is made once per requirements file. Packages are
# not compiled while they are installed: only what is imported ever needs it, and gets it then (unless
# Python is told to write no bytecode: every command would compile a thousand modules anew, seconds each).

export PYTHONDONTWRITEBYTECODE :=

PYTHON ?= $(shell command -v python3.11 || command -v python3)
SCALE  ?= 0.1
SEED   ?= 1
DIR    ?= build/malang

BIN  := .venv/bin
PIP  := $(BIN)/python -m pip --disable-pip-version-check --quiet
CORE := .venv/.core.stamp
# With RANTANG_REQUIRE_ALL=1 nothing may be left out: PySpark is installed, too.
WANT := $(if $(filter 1,$(RANTANG_REQUIRE_ALL)),all,dev)
DEV  := .venv/.$(WANT).stamp

.DEFAULT_GOAL := help
.PHONY: help run test quick bench lint wheel clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

run: $(CORE)
	@mkdir -p $(dir $(DIR))
	@$(BIN)/rantang sample $(DIR) --scale $(SCALE) --seed $(SEED)
	@$(BIN)/rantang run $(DIR)
	@$(BIN)/rantang project $(DIR)
	@$(BIN)/rantang plan $(DIR)

test: $(DEV)
	@$(BIN)/python -m pytest -n auto --dist worksteal

quick: $(DEV)
	@$(BIN)/python -m pytest -n auto --dist worksteal -m "not slow" tests/unit tests/spec

bench: $(DEV)
	@$(BIN)/python -m benchmarks

lint: $(DEV)
	@$(BIN)/ruff check src tests benchmarks
	@$(BIN)/ruff format --check src tests benchmarks
	@$(BIN)/mypy
	@$(BIN)/lint-imports

wheel: $(DEV)
	@$(BIN)/python -m build --no-isolation --outdir dist >/dev/null
	@ls dist/*.whl

clean:
	rm -rf build dist

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed."; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Install python3-venv first: apt install python3-venv"; exit 1; }

$(CORE): requirements/core.txt pyproject.toml | .venv/bin/python
	@echo "Installing what Rantang needs …"
	@$(PIP) install --no-compile --require-hashes -r requirements/core.txt
	@$(PIP) install --no-compile --no-deps --editable .
	@touch $@

$(DEV): requirements/$(WANT).txt pyproject.toml | .venv/bin/python
	@echo "Installing what the tests need …"
	@$(PIP) install --no-compile --require-hashes -r requirements/$(WANT).txt
	@$(PIP) install --no-compile --no-deps --no-build-isolation --editable .
	@touch $@ $(CORE)
