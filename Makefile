# make setup   an environment in .venv, again only when requirements.txt changed
# make demo    the demonstration campaign on http://127.0.0.1:8501, data in ./demo-data
# make run     the application on ./data
# make check   lint, format, types, the doors between rooms, models against migrations
# make bench   measures against floors and peers, writes docs/performance.md; takes a quarter of an hour
# make pictures  the pictures of the user's guide, taken anew from the demonstration
# make wheelhouse   one file with everything, for a machine without internet
# make faults  kill -9 at 200 random moments, or KILLS=1000; the result in docs/faults.md
# make fuzz    3000 spoilt files, or FILES=100000, and odd tables; the result in docs/fuzz.md
# make test-postgresql   every test of actions and queries on PostgreSQL; make test has both where they may differ
# make test    all tests;  one test: .venv/bin/pytest tests/models/test_row_fault.py -k name
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup packages demo run check bench pictures wheelhouse test test-postgresql

PYTHON ?= python3
ADDRESS ?= 127.0.0.1
PORT ?= 8501
# A browser is opened only where there is a screen to open it on.
HEADLESS = $(if $(DISPLAY)$(WAYLAND_DISPLAY),false,true)
STREAMLIT = .venv/bin/streamlit run app.py --server.port $(PORT) --server.headless $(HEADLESS) --server.address
READY := .venv/.ready

help:
	@sed -n 's/^# make/make/p' Makefile

setup: $(READY)

$(READY): requirements.txt
	PYTHON=$(PYTHON) .ci/venv .venv
	touch $@

# For the tests marked browser and libreoffice. Without them the others still run.
packages:
	@.ci/debian-packages chromium=chromium fonts-noto-cjk libreoffice-calc-nogui=soffice \
		poppler-utils=pdfinfo || [ -z "$${CI_DEMANDS_ALL:-}" ]

# The demonstration has its own database, whatever the environment says. A half-filled one is removed again.
demo: export DATA_DIR = ./demo-data
demo: export TODAY = 2022-09-16
demo: export DATABASE_URL =
demo: setup
	@if [ -e demo-data/xiaohaotai.db ]; then \
		.venv/bin/python manage.py upgrade; \
	else \
		trap 'rm -f demo-data/xiaohaotai.db*' EXIT; \
		.venv/bin/python manage.py upgrade; \
		.venv/bin/python manage.py demo; \
		trap - EXIT; \
	fi
	exec $(STREAMLIT) 127.0.0.1

run: setup
	.venv/bin/python manage.py upgrade
	.venv/bin/python manage.py setup-code
	exec $(STREAMLIT) $(ADDRESS)

check: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo
	empty=$$(mktemp -d); trap 'rm -rf "$$empty"' EXIT; export DATABASE_URL=sqlite:///$$empty/check.db; \
		.venv/bin/alembic upgrade head; .venv/bin/alembic check

bench: build/bench/.ready
	PYTHONPATH=. build/bench/bin/python -m benchmarks.run

# What the product is measured against stays out of its own environment.
build/bench/.ready: requirements.txt benchmarks/requirements.txt
	PYTHON=$(PYTHON) .ci/venv build/bench
	build/bench/bin/pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
	touch $@

pictures: setup packages
	PYTHONPATH=. .venv/bin/python docs/guide/take_pictures.py

wheelhouse:
	PYTHON=$(PYTHON) .ci/wheelhouse build/xiaohaotai-offline.tar

test: setup packages
	.venv/bin/pytest -n logical --maxprocesses 4 --dist loadgroup

KILLS ?= 200
.PHONY: faults
faults: setup
	.venv/bin/python -m tests.faults.kills $(KILLS)

FILES ?= 3000
.PHONY: fuzz
fuzz: setup
	FUZZ_EXAMPLES=500 .venv/bin/pytest -q tests/fuzz/test_tables.py --timeout 3600
	.venv/bin/python -m tests.fuzz.run $(FILES)

test-postgresql: setup
	.venv/bin/pytest -n logical --maxprocesses 4 --dist loadgroup tests/actions tests/queries --world-on postgresql
