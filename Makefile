# make run: the router on the example; make test: everything that proves it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --retries 10
SOURCES := grammar bgp zebra pyvtysh tests examples

.PHONY: run test check types layers dependencies audit perf screens coverage-report report crash soak fuzz fuzz-asan clean

$(BIN)/.installed: pyproject.toml $(wildcard bgp/_speed/*)
	$(PYTHON) -m venv $(VENV)
	$(PIP) -e .
	touch $@

$(BIN)/.testable: $(BIN)/.installed
	$(PIP) -e '.[test]'
	touch $@

run: $(BIN)/.installed
	$(BIN)/python examples/soft-router/run.py

check: $(BIN)/.testable
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(MAKE) --no-print-directory --jobs 3 --output-sync types layers dependencies

# What check does last, side by side: one computes, one waits for the network.
types: $(BIN)/.testable
	$(BIN)/mypy

layers: $(BIN)/.testable
	$(BIN)/python -m pytest tests/test_layers.py

dependencies: $(BIN)/.testable
	$(BIN)/python -m tests.audit

# Bandit, whose rules are also ruff's S in `make check`, in a tenth of the time.
audit: $(BIN)/.testable
	$(PIP) -e '.[audit]'
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive grammar bgp zebra pyvtysh
	$(BIN)/python -m tests.audit

# The budgets first and alone; of the rest, without what check has seen, nearly half is waiting, so
# three files at once on two cores.
test: check
	tests/install-peers
	$(BIN)/python -m pytest tests/perf
	$(BIN)/python -m pytest tests --ignore tests/perf --ignore tests/test_layers.py --numprocesses 3 --dist loadfile

perf: $(BIN)/.testable
	$(BIN)/python -m tests.perf $(or $(SIZE),100000) $(or $(RUNS),3)

# The pictures of docs/, from routers in memory.
screens: $(BIN)/.testable
	$(BIN)/python -m tests.screens

# How many of FRR's commands and of its printed lines are as FRR's here, by node.
coverage-report: $(BIN)/.testable
	$(BIN)/python -m tests.printed.coverage $(MISSING)
	$(BIN)/python -m tests.printed.report

# The figures of docs/reliability.md: what is quick anew, what takes long as its target kept it.
report: $(BIN)/.testable
	$(BIN)/python -m tests.report $(ONLY)

# SIGKILL to daemons, watcher and shell at random moments under load.
crash: $(BIN)/.testable
	$(BIN)/python -m tests.reliability.crash $(or $(MOMENTS),200) $(or $(SEED),1)
	$(BIN)/python -m tests.reliability.commits 30 $(or $(SEED),1)

# 50 neighbours that flap, refresh and are reconfigured: memory and lateness over an hour.
soak: $(BIN)/.testable
	$(BIN)/python -m tests.reliability.soak $(or $(MINUTES),60)

# Ten minutes for each decoder, or SECONDS; ARGUMENTS may name some of them, or say --keep.
fuzz: $(BIN)/.testable
	$(PIP) -e '.[fuzz]'
	$(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),600) $(ARGUMENTS)

# What fuzzing kept, on the compiled part with the sanitizers of the compiler.
fuzz-asan: $(BIN)/.testable
	$(BIN)/python -m tests.fuzz.sanitized

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
