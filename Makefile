# make demo   set up and print the card for C = A*B
# make test   set up and run every test (doctests included)
# make test-torch  set up a second environment with PyTorch and run the tests that need it
# make pages  write the pages of docs/ that are made from the program
# make evaluate   compiled code beside JAX, PyTorch, autograd, tensorgrad and asdex (installs them: 5 GB; 10 minutes)
# make check  format, lint, strict types, and the tests that are quick: before each commit
.DEFAULT_GOAL := help
.PHONY: help demo test test-torch check format pages bench evaluate clean

# The first Python here that runs and is new enough; PYTHON=… chooses another.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
# Matrices here are small: threads of a linear algebra library only wait for each other.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1
READY := .venv/.ready
BENCH := .venv/.bench
PEERS := .venv/.peers
TORCH := .venv-torch/.ready

help:
	@sed -n '/^# make/s/^# //p' Makefile

$(READY): pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (make PYTHON=...)" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

$(BENCH): $(READY)
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	@touch $@

$(PEERS): $(READY)
	$(BIN)/python -m pip install --quiet --editable '.[peers]'
	@touch $@

$(TORCH): pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (make PYTHON=...)" >&2; exit 1; }
	$(PYTHON) -m venv .venv-torch
	.venv-torch/bin/python -m pip install --quiet --editable '.[dev,torch]'
	@touch $@

demo: $(READY)
	@$(BIN)/frechet derive "C = A*B" --wrt B

test: $(READY)
	$(BIN)/python -m pytest -n 2

test-torch: $(TORCH)
	.venv-torch/bin/python -m pytest -n 2 -k torch tests/compiler

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/python -m pytest -n 2 -m "not slow"

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

pages: $(READY)
	cd tests && ../$(BIN)/python -m pages

bench: $(BENCH)
	$(BIN)/python benchmarks/cold.py
	$(BIN)/python benchmarks/derive.py
	$(BIN)/python benchmarks/right.py
	$(BIN)/python benchmarks/growth.py

evaluate: $(PEERS)
	$(BIN)/python benchmarks/evaluate.py
	$(BIN)/python benchmarks/accuracy.py

clean:
	rm -rf .venv .venv-torch .pytest_cache .ruff_cache .hypothesis
