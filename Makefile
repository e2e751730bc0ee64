# make demo   runs the site and a demo tenant on this machine
# make test   runs every test; those in a browser only where Chromium is found
# make test-growth runs them again with PostgreSQL and Redis, and the site in two processes
# make check  looks for everything that no test can see
# Each makes what it needs first: an environment in .venv, with locked dependencies.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# The first Python that is new enough; name another with `make PYTHON=…`.
PYTHON ?= $(shell for python in python3 python3.15 python3.14 python3.13 python3.12; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps
CATALOGUES := $(wildcard locale/*/LC_MESSAGES/*.po)
COMPILED := $(CATALOGUES:.po=.mo)
PROCESSES ?= auto
TEMPLATES := $(shell find templates accountsite -name '*.html')

help: ## Shows this list.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 20

demo: $(VENV)/runtime $(COMPILED) ## Runs the site with a demo tenant, on http://localhost:8000.
	@$(BIN)/python manage.py demo $(ARGS)

test: $(VENV)/development $(COMPILED) ## Runs the tests. ARGS="-k name" picks some, PROCESSES=0 runs them here.
	@$(BIN)/python -m pytest --numprocesses $(PROCESSES) $(ARGS)

test-growth: $(VENV)/development $(COMPILED) ## Runs them with a PostgreSQL and a Redis, which it starts and stops.
	@$(BIN)/python -m tests.services -- $(BIN)/python -m pytest --numprocesses $(PROCESSES) $(ARGS)

chaos: $(VENV)/development $(COMPILED) ## Has people go on while things fail. ARGS="--seconds 300 --people 12 --seed 1"
	@$(BIN)/python -m tests.chaos $(ARGS)

bench: $(VENV)/development $(COMPILED) ## Measures how the site does; see docs/performance.md. ARGS=--quick
	@$(BIN)/python -m tests.bench $(ARGS)

# What everything above stands on

$(VENV)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.12 or later is needed; name it with make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Making an environment in $(VENV); this takes a minute, once."
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/runtime: requirements/runtime.txt $(VENV)/python
	@$(PIP_INSTALL) -r $<
	@touch $@

$(VENV)/development: requirements/development.txt $(VENV)/runtime
	@$(PIP_INSTALL) -r $<
	@touch $@

locale/%.mo: locale/%.po | $(VENV)/runtime
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

# Checks, each of which runs by itself too: make check-types

CHECKS := check-format check-lint check-types check-templates check-imports check-migrations \
	check-deployment check-translations check-publishable

check: $(CHECKS) ## Checks style, types, imports, migrations, deployment and translations.

$(CHECKS): $(VENV)/development

check-format:
	@$(BIN)/ruff format --check --quiet . || { echo "Not formatted; see make format."; exit 1; }

check-lint:
	@$(BIN)/ruff check --quiet .

check-types:
	@$(BIN)/mypy

check-templates:
	@$(BIN)/djade --check $(TEMPLATES) || { echo "Not formatted; see make format."; exit 1; }

check-imports:
	@report=$$($(BIN)/lint-imports --no-logo) || { echo "$$report"; exit 1; }

# Both look at the site as it runs for real, and reach nothing.
check-migrations check-deployment: export SITE_URL := https://account.example.com
check-migrations check-deployment: export SECRET_KEY := only-for-checks-0123456789-abcdefghijklmnopqrstuvwxyz
check-migrations check-deployment: export LOGTO_ENDPOINT := https://auth.example.com
check-migrations check-deployment: export LOGTO_APP_ID := site
check-migrations check-deployment: export LOGTO_APP_SECRET := site-secret
check-migrations check-deployment: export LOGTO_M2M_APP_ID := management
check-migrations check-deployment: export LOGTO_M2M_APP_SECRET := management-secret
check-migrations check-deployment: export DATABASE_URL := sqlite://:memory:
check-migrations check-deployment: export EMAIL_URL := submission://site:secret@mail.example.com

check-migrations:
	@$(BIN)/python -W error manage.py makemigrations --check --dry-run

check-deployment:
	@$(BIN)/python -W error manage.py check --deploy --fail-level WARNING

check-translations:
	@$(BIN)/python -m tests.checks.translations

check-publishable:
	@$(BIN)/python -m tests.checks.publishable

# Chores

format: $(VENV)/development ## Formats the code and the templates.
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/djade $(TEMPLATES)

translations: $(VENV)/development ## Brings the catalogues up to date, and says what they lack.
	@$(BIN)/python -m tests.checks.translations --write

LOCK := uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --all-extras \
	--no-emit-index-url --no-annotate --no-header

lock: ## Locks the dependencies of pyproject.toml anew; it needs uv. ARGS=--upgrade
	@$(LOCK) $(ARGS) pyproject.toml --output-file requirements/runtime.txt
	@$(LOCK) $(ARGS) pyproject.toml --group dev --constraint requirements/runtime.txt \
		--output-file requirements/development.txt

BUILDER ?= docker
IMAGE ?= accountsite

image: ## Builds the container image. BUILDER=podman or BUILDER=buildah works too.
	@$(BUILDER) build --tag $(IMAGE) $(ARGS) .

.PHONY: help demo test test-growth bench chaos check $(CHECKS) format translations lock image
