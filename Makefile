# make run: the router on the example; make test: everything that proves it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := grammar bgp zebra pyvtysh tests examples

.PHONY: run test check venv perf clean

$(BIN)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[test]'
	touch $@

venv: $(BIN)/.installed

run: venv
	$(BIN)/python examples/soft-router/run.py

check: venv
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_layers.py

test: check
	tests/install-peers
	$(BIN)/python -m pytest tests

perf: venv
	$(BIN)/python -m tests.perf $(SIZE) $(RUNS)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
