# Two commands: `make demo` and `make test`. Both set everything up themselves; Python 3.11+ and make suffice.
PY   ?= python3
VENV ?= .venv
BIN  := $(VENV)/bin
PIP  := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
ASSETS := src/lamplighter/web/static/vendor/.complete
export PYTHONUTF8 := 1

.PHONY: demo test setup check fix bench soak lock clean

demo: setup            ## the demo city, on http://127.0.0.1:8000
	@$(BIN)/lamplighter demo

setup: $(VENV)/.run $(ASSETS)   ## everything the program needs, in .venv

test: $(VENV)/.test $(ASSETS)   ## everything: checks, rules, stories, browser
	@$(BIN)/python -m tools.browser
	@$(BIN)/python -m tools.test

check: $(VENV)/.test   ## lint, types, import contracts
	@$(BIN)/python -m tools.check

fix: $(VENV)/.test     ## format and mend what can be mended by machine
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format --quiet .

bench: setup           ## measured figures beside their references
	@$(BIN)/lamplighter bench

soak: $(VENV)/.test $(ASSETS)   ## the long runs: kills, fuzzing, random histories
	@$(BIN)/python -m tools.soak

# Hashed requirements name no registry: pip follows this machine's own index, proxy and certificates.
$(VENV)/.run: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing what Lamplighter needs into $(VENV) (about half a minute)..."
	@$(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.run
	@echo "Installing what the tests need..."
	@$(PIP) --require-hashes -r requirements/test.txt
	@touch $@

$(ASSETS): package-lock.json tools/assets.py | $(VENV)/.run
	@echo "Fetching fonts, styles and scripts..."
	@$(BIN)/python -m tools.assets

$(BIN)/python:
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed: make PY=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PY) -c 'import venv, ensurepip' 2>/dev/null \
	  || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing python3-venv..." \
	       && apt-get update -qq && apt-get install -y -qq python3-venv; } \
	  || { echo "This Python has no venv module: install your system's python3-venv package."; exit 1; }
	@echo "Making $(VENV) with $$($(PY) --version)..."
	@$(PY) -m venv $(VENV)

# For maintainers, with uv on the PATH: it locks for every platform at once.
LOCK = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
lock:
	$(LOCK) requirements/run.in -o requirements/run.txt
	$(LOCK) requirements/test.in -c requirements/run.txt -o requirements/test.txt
	$(LOCK) requirements/assets.in -o requirements/assets.txt

clean:                 ## remove what the commands made here (not the demo's data in .state)
	rm -rf $(VENV) node_modules src/lamplighter/web/static/vendor src/lamplighter/billing/fonts
