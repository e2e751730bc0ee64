# make demo   runs the site and a demo tenant on this machine
# make test   runs every test; those in a browser only where Chromium is found
# make check  looks for everything that no test can see
# Each makes what it needs first: an environment in .venv, with locked dependencies.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# The first Python that is new enough; name another with `make PYTHON=…`.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
CATALOGUES := $(wildcard locale/*/LC_MESSAGES/*.po)
COMPILED := $(CATALOGUES:.po=.mo)

help: ## Shows this list.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 16

$(VENV)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.12 or later is needed; name it with make PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/runtime: requirements/runtime.txt $(VENV)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $<
	touch $@

$(VENV)/development: requirements/development.txt $(VENV)/runtime
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $<
	touch $@

locale/%.mo: locale/%.po | $(VENV)/runtime
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@ --domain django

demo: $(VENV)/runtime $(COMPILED) ## Runs the site with a demo tenant, on http://localhost:8000.
	$(BIN)/python manage.py demo $(ARGS)

test: $(VENV)/development $(COMPILED) ## Runs the tests. ARGS="-k name" picks some.
	$(BIN)/python -m pytest $(ARGS)

.PHONY: help demo test
