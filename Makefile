# setup · demo · run · test · check · bench, each from nothing but Python 3.11+.
# `make lock` (needs uv) renews the pinned, hashed requirements; nobody else needs it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: setup demo run test check bench try-install lock

setup: $(VENV)/.run

demo: $(VENV)/.run
	$(BIN)/telekonsul demo $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT))

run: $(VENV)/.run
	$(BIN)/telekonsul run

test: $(VENV)/.dev
	$(BIN)/python -m pytest

# What docs/install.md tells, done in fresh folders: a minute, and the package index is asked.
try-install: $(VENV)/.dev
	$(BIN)/python -m pytest -m install

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/.dev
	$(BIN)/python -m bench

$(VENV)/.run: requirements.lock pyproject.toml
	$(call install,requirements.lock)

$(VENV)/.dev: requirements-dev.lock pyproject.toml
	$(call install,requirements-dev.lock)
	@touch $(VENV)/.run

# uv when it is there (seconds), pip otherwise; the hash of every file decides, not where it came from.
define install
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Telekonsul needs Python 3.11 or newer (found: $$($(PYTHON) --version 2>&1))."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "Python's venv is missing. On Debian and Ubuntu: sudo apt install python3-venv"; exit 1; }
	@if command -v uv >/dev/null 2>&1; then \
		uv pip install --quiet --compile-bytecode --require-hashes --python $(BIN)/python -r $(1); \
	else \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $(1); \
	fi
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
endef

lock:
	for kind in "" -dev; do uv pip compile requirements$$kind.in --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
		--quiet --output-file requirements$$kind.lock; done
