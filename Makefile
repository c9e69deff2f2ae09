# Needs a Python 3.11 or newer and make; everything else is fetched from PyPI, npm and (for tests) Debian.
#   make demo      a made-up State walks the whole road and the workplace opens on it
#   make test      every check there is, on SQLite and PostgreSQL, with one closing line a part
#   make install   what developers need; make lint; make format; make docs; make bench ROW=tips-backlog; make clean

SHELL      := /bin/bash
PYTHON     ?= $(shell command -v python3.11 || command -v python3)
VENV       := .venv
BIN        := $(VENV)/bin
UV_VERSION := 0.13.9
PARTS      ?=
ROW        ?=
# Inside the folder it vouches for: whoever removes what was built removes the stamp.
FRONT      := src/paricha/screens/static/built/.stamp

# uv makes no environment of its own and fetches no Python: it fills the one beside it.
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := $(VENV)
unexport VIRTUAL_ENV
# Some machines forbid Python to keep what it compiled; each command would then compile 900 files anew (1 s).
unexport PYTHONDONTWRITEBYTECODE
SYNC := $(BIN)/uv sync --frozen --quiet --inexact

FRONT_SOURCES := $(wildcard package.json package-lock.json tools/tsconfig.json tools/build_front.py) \
	$(shell find src/paricha -type f \( -name '*.ts' -o -name '*.po' \) \
		-not -path '*/static/built/*' -not -path '*/node_modules/*' 2>/dev/null)

.PHONY: help install run-install front demo test lint format docs bench clean
.DEFAULT_GOAL := help

help:
	@sed -n '2,5s/^# *//p' Makefile

# ---- installation: a stamp a step, so that the second call costs nothing ----------------------------------------
$(BIN)/uv:
	$(PYTHON) tools/make_venv.py $(VENV) $(UV_VERSION)

$(VENV)/.stamp-run: pyproject.toml uv.lock | $(BIN)/uv
	$(SYNC) --no-default-groups --group build
	@touch $@

$(VENV)/.stamp-dev: pyproject.toml uv.lock | $(BIN)/uv
	$(SYNC) --all-groups
	@touch $@ $(VENV)/.stamp-run

ifneq ($(wildcard tools/build_front.py),)
$(FRONT): $(FRONT_SOURCES) | $(VENV)/.stamp-run
	$(BIN)/python tools/build_front.py
	@touch $@
else
$(FRONT): | $(VENV)/.stamp-run
	@echo "No front end to build yet (tools/build_front.py is not there)."
endif

run-install: $(VENV)/.stamp-run
front: $(FRONT)
install: $(VENV)/.stamp-dev $(FRONT)

# ---- what people call -------------------------------------------------------------------------------------------
demo: $(VENV)/.stamp-run $(FRONT)
	$(BIN)/paricha demo

# The front end is built by the first part of the tests, so that a fault in it stops no other part.
test: $(VENV)/.stamp-dev
	-@$(BIN)/python tools/machine_needs.py
	$(BIN)/python tools/test_parts.py $(PARTS)

lint: $(VENV)/.stamp-dev
	$(BIN)/python tools/test_parts.py lint

format: $(VENV)/.stamp-dev
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

docs: $(VENV)/.stamp-dev
	$(BIN)/python tools/write_reference.py

bench: $(VENV)/.stamp-dev
	$(BIN)/python bench/run.py $(ROW)

clean:
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache \
		src/paricha/screens/static/built demo-home
