# SPDX-License-Identifier: Apache-2.0
# The project's one list of tasks, for people and for CI. Every target sets up what it needs first;
# sim/sealsim/bootstrap.py says how. Paths here are relative, so a checkout may lie in any folder.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup demo test coverage bench torture check format clean

# The console scripts of a virtual environment break when its path has a space; `python -m` does not.
RUN := .venv/bin/python
export PYTHONUTF8 := 1

# The first Python that is new enough; Debian's and pyenv's both occur.
define bootstrap
@for python in python3 python3.13 python3.12 python3.11 python3.14; do \
	if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		PYTHONPATH=sim exec "$$python" -m sealsim.bootstrap $(1); \
	fi; \
done; \
echo 'error: Python 3.11 or newer is needed; please install python3' >&2; exit 1
endef

help:
	@echo 'make demo    the main job on simulated hardware; leaves build/demo/'
	@echo 'make test    all tests; those of the recorder also on a simulated Cortex-M3'
	@echo 'make coverage  of these, the tests of what must never be wrong: they take every branch of it'
	@echo 'make bench   measure; leaves build/bench.json'
	@echo 'make torture faults of every kind at full size; leaves build/torture.json'
	@echo 'make check   format, lint, types and the import rules'
	@echo 'make format  put the sources into the agreed format'
	@echo 'make setup   only set up: .venv and MicroPython'
	@echo 'make clean   remove build/, .venv and caches of tools'

setup:
	$(call bootstrap)

demo:
	$(call bootstrap)
	@$(RUN) -m sealdock demo --out build/demo

# These run under CPython and reach every branch of the modules that pyproject.toml lists; coverage is counted while they run.
COVERED := $(addprefix tests/unit/,crypto/test_keys.py host link profile protocol speech/test_heard.py verify)

test:
	$(call bootstrap,--for test)
	@$(RUN) -m pytest $(addprefix --ignore=,$(COVERED))
	@$(RUN) -m pytest --target qemu -k 'not device/device_dock' tests/unit/test_on_micropython.py
	@$(RUN) -m pytest $(COVERED) --cov

coverage:
	$(call bootstrap,--for test)
	@$(RUN) -m pytest $(COVERED) --cov

bench:
	$(call bootstrap,--for bench)
	@$(RUN) -m tests.bench.run

torture:
	$(call bootstrap,--for test)
	@$(RUN) -m tests.faults

check:
	$(call bootstrap)
	@$(RUN) -m ruff format --check .
	@$(RUN) -m ruff check .
	@$(RUN) -m tests.typecheck
	@$(RUN) -m pytest -q tests/test_layers.py

format:
	$(call bootstrap)
	@$(RUN) -m ruff format .
	@$(RUN) -m ruff check --fix .

clean:
	rm -rf build .coverage .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis host/*.egg-info
