# Each target is a line that a person could type. VENV and PYTHON choose the environment, DASK a
# running scheduler to execute on (tcp://…) instead of this machine.
VENV ?= .venv
PYTHON ?= python3
DASK ?=
BIN := $(VENV)/bin

.PHONY: book test lint bless bench clean

book: $(VENV)/.installed
	NBTOLERANCE_SCHEDULER=$(DASK) $(BIN)/jupyter-book build . -W -n --keep-going
	@echo "The book is in _build/html/index.html: open it in a browser."

test: book
	$(BIN)/pytest --nbval tests book

lint: $(VENV)/.installed
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

bless: $(VENV)/.installed
	$(BIN)/python -m nbtolerance bless

bench: book
	$(BIN)/python -m benchmarks.bench

clean:
	rm -rf _build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/.installed: requirements.txt constraints.txt pyproject.toml
	@echo "Installing requirements.txt into $(VENV): a few minutes the first time."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@
