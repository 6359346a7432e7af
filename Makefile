# Every command of the project; `make demo` for a look, `make test` before every push.
# What needs more than a line is a script in .ci/.

PORT ?= 8000
WORKERS ?= 2
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
# SECRET_KEY in the environment, where there is one, goes before this file.
export SECRET_KEY_FILE ?= .secret_key
# Plain HTTP on this machine only, hence neither HTTPS cookies nor redirects to HTTPS; and no second factor to set up
# for a look around.
LOCAL := SECURE=0 SECOND_FACTOR_ROLES=
# As on a server, with an empty database: what is checked must not depend on this machine's data.
PRODUCTION := DEBUG=0 SECURE=1 ALLOWED_HOSTS=example.test CSRF_TRUSTED_ORIGINS=https://example.test \
	DATABASE_URL=sqlite:///:memory:
PYTEST := $(BIN)/pytest
TEMPLATES = $(shell find templates config members training reviews -name '*.html' -not -path 'templates/fast/*')

.DEFAULT_GOAL := help
.PHONY: help venv dev demo run check test bench lock system clean

help:  ## these lines
	@sed -n 's/^\([a-z]*\):[^#]*## /make \1 \t/p' Makefile

venv: .venv/.runtime  ## the Python environment in .venv

dev: .venv/.dev  ## the same with what tests and checks need

.venv/.runtime: requirements.txt .ci/venv
	@.ci/venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.runtime
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

$(SECRET_KEY_FILE): | .venv/.runtime
	@umask 077; $(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))' > $@

demo: .venv/.runtime $(SECRET_KEY_FILE)  ## demonstration data, served on http://127.0.0.1:8000 (PORT=)
	@.ci/port-free $(PORT)
	@$(LOCAL) $(MANAGE) migrate --verbosity 0
	@$(LOCAL) $(MANAGE) demo
	@$(MAKE) --no-print-directory run

run: .venv/.runtime $(SECRET_KEY_FILE)  ## only serve what is there
	@.ci/port-free $(PORT)
	@$(LOCAL) $(MANAGE) collectstatic --no-input --verbosity 0
	@echo "Mở http://127.0.0.1:$(PORT) trong trình duyệt; Ctrl+C để dừng."
	@exec env $(LOCAL) $(BIN)/gunicorn config.wsgi --bind 127.0.0.1:$(PORT) --workers $(WORKERS) --threads 4 \
		--log-level warning --no-control-socket

check: .venv/.dev $(SECRET_KEY_FILE)  ## style and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(if $(TEMPLATES),$(BIN)/djade --check --target-version 5.2 $(TEMPLATES))
	$(if $(TEMPLATES),$(BIN)/djhtml --check --tabwidth 2 $(TEMPLATES))
	$(BIN)/mypy
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive config members training reviews
	$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING
	$(PRODUCTION) $(MANAGE) makemigrations --check --dry-run

test: system  ## everything: check, the suite on SQLite and on PostgreSQL, the browser
	@$(MAKE) --no-print-directory check
	env -u DATABASE_URL $(PYTEST) -n $(WORKERS) -m "not browser"
	.ci/with-postgres $(PYTEST) -n $(WORKERS) -m "database and not browser"
	env -u DATABASE_URL $(PYTEST) -n $(WORKERS) --dist loadfile -m browser

system:  ## programs the tests need; as root on Debian missing ones are installed
	@.ci/system

bench: .venv/.dev $(SECRET_KEY_FILE)  ## dashboard and import measured on both databases
	@.ci/bench

lock:  ## requirements*.txt anew out of requirements*.in (needs uv)
	@.ci/lock

clean:  ## removes the environment and all caches, never the data
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .data/static
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
