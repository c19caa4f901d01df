# `make demo` on a machine with only Python 3.11 and make leaves a finished PDF pack; `make help` lists the rest.

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
NEW_ENOUGH = -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$each $(NEW_ENOUGH) && echo $$each && break; done)
PANGO := $(BIN)/python -m engine.report.pango
PANGO_PACKAGES = $$($(BIN)/python -c 'from engine.report.pango import DEBIAN; print(*DEBIAN)')

# The npm package behind pyright comes locked in its wheel: no look for a newer one.
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1

.PHONY: help setup demo test soak bench lint format lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s%s\n", $$1, $$2 }' Makefile

setup: .venv/ready ## make .venv with what the lock names

demo: .venv/ready ## make a sample workspace in .demo and run its packs
	@$(BIN)/qbr demo .demo

test: .venv/ready ## run the whole test suite; ARGS="..." goes to pytest
	@$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist worksteal $(ARGS)

soak: .venv/ready ## run what takes long, at low priority: ten thousand random harms and the like
	@nice $(BIN)/pytest -m soak --capture no $(ARGS)

bench: .venv/bench/ready ## measure all parts over LINES invoice lines, 10000000 unless told; ARGS="--part tables"
	@nice $(BIN)/python -m tests.benchmarks $(if $(LINES),--lines $(LINES)) $(ARGS)

lint: .venv/ready ## check style, types and layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright
	$(BIN)/lint-imports

format: .venv/ready ## format, and fix what ruff can fix
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: .venv/ready ## bring the lock to the newest versions that pyproject.toml admits
	$(BIN)/uv pip compile pyproject.toml --group dev --no-config --universal --python-version 3.11 --upgrade \
	  --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet --output-file requirements.lock

clean: ## remove whatever make and the tools made
	rm -rf .venv .demo dist .hypothesis .import_linter_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/ready: .venv/bin/python requirements.lock pyproject.toml
	@if ! $(PANGO) 2>/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Pango ..."; apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	  apt-get install -qq -y --no-install-recommends $(PANGO_PACKAGES); fi; $(PANGO)
	@echo "Installing what requirements.lock names ..."
	@$(PIP) install --require-hashes --only-binary :all: --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/bench/ready: .venv/ready
	@echo "Installing DuckDB and pandas, apart from the rest ..."
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --target .venv/bench --group bench
	@touch $@

.venv/bin/python:
	@if ! $(PYTHON) $(NEW_ENOUGH); then \
	  echo "Python 3.11 or newer, with venv, is needed: install it, or name it as in make PYTHON=python3.12" >&2; exit 2; fi
	@$(PYTHON) -m venv .venv
