# make demo   set up and print the card for C = A*B
# make test   set up and run every test (doctests included)
# make check  format, lint, strict types, then the tests
.DEFAULT_GOAL := help
.PHONY: help demo test check format bench clean

# The first Python that is new enough (3.11); PYTHON=… chooses another.
PYTHON ?= $(firstword $(foreach p,python3.13 python3.12 python3.11 python3 python,$(if $(shell command -v $(p)),$(p))))
BIN := .venv/bin
READY := .venv/.ready
BENCH := .venv/.bench

help:
	@sed -n '/^# make/s/^# //p' Makefile

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

$(BENCH): $(READY)
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	@touch $@

demo: $(READY)
	@$(BIN)/frechet derive "C = A*B" --wrt B

test: $(READY)
	$(BIN)/python -m pytest -n 2

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(MAKE) test

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(BENCH)
	$(BIN)/python benchmarks/cold.py
	$(BIN)/python benchmarks/derive.py
	$(BIN)/python benchmarks/growth.py

clean:
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis
