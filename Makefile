# Two commands: `make demo` and `make test`. Both set everything up themselves; Python 3.11+ and make suffice.
VENV ?= .venv
BIN  := $(VENV)/bin
PIP  := $(BIN)/python -m pip install --quiet --quiet --no-input --no-compile
COMPILE := $(BIN)/python -m compileall -q -j 0
ASSETS := src/lamplighter/web/static/vendor/.complete
SOURCES := $(shell find src -name '*.py')
export PYTHONUTF8 := 1
MAKEFLAGS += --jobs=2  # what is installed, compiled and fetched waits for one another where it must
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# A Python that has gone (the system was upgraded) or an install that was broken off: begin the folder again.
ifneq ($(shell [ -x $(BIN)/python ] && [ ! -e $(VENV)/.unfinished ] && echo whole),whole)
  $(shell rm -f $(VENV)/.made $(VENV)/.run $(VENV)/.test)
endif

.PHONY: demo test setup check fix bench soak lock clean

demo: setup            ## the demo city, on http://127.0.0.1:8000 (ARGS="--port 8001" for another)
	@$(BIN)/lamplighter demo $(ARGS)

setup: $(VENV)/.compiled $(ASSETS)   ## everything the program needs, in .venv
	@:

test: $(VENV)/.test $(VENV)/.compiled $(ASSETS)   ## everything: checks, rules, stories, browser (ARGS="-k tiers" for some)
	@$(BIN)/python -m tools.browser
	@$(BIN)/python -m tools.test $(ARGS)

check: $(VENV)/.test   ## lint, types, import contracts
	@$(BIN)/python -m tools.check

fix: $(VENV)/.test     ## format and mend what can be mended by machine
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format --quiet .

bench: setup           ## measured figures beside their references
	@$(BIN)/lamplighter bench

soak: $(VENV)/.test $(VENV)/.compiled $(ASSETS)   ## the long runs: kills, fuzzing, random histories (ARGS="--minutes 60")
	@$(BIN)/python -m tools.soak $(ARGS)

# Hashed requirements name no registry: pip follows this machine's own index, proxy and certificates.
# The mark .unfinished stays when an install is broken off, and then the next one starts from nothing.
$(VENV)/.run: requirements/run.txt pyproject.toml $(VENV)/.made
	@echo "Installing what Lamplighter needs into $(VENV) (about half a minute)..."
	@touch $(VENV)/.unfinished
	@$(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@$(COMPILE) $(VENV)/lib || true
	@rm $(VENV)/.unfinished
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.run
	@echo "Installing what the tests need..."
	@touch $(VENV)/.unfinished
	@$(PIP) --require-hashes -r requirements/test.txt
	@$(COMPILE) $(VENV)/lib || true
	@rm $(VENV)/.unfinished
	@touch $@

# All of it at once and on every processor, where otherwise each process of the first start would do it for itself, and
# every process for ever where PYTHONDONTWRITEBYTECODE is set. So is what is installed, which pip compiles on one.
$(VENV)/.compiled: $(VENV)/.run $(SOURCES)
	@$(COMPILE) src || true
	@touch $@

$(ASSETS): package-lock.json tools/assets.py tools/fonts.py | $(VENV)/.run
	@echo "Fetching fonts, styles and scripts..."
	@$(BIN)/python -m tools.assets

$(VENV)/.made:
	@python=$$(for p in $(PY) python3 python3.14 python3.13 python3.12 python3.11; do \
	    $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done); \
	  [ -n "$$python" ] || { echo "Python 3.11 or newer is needed: make PY=/path/to/python3 $(MAKECMDGOALS)"; exit 1; }; \
	  $$python -c 'import venv, ensurepip' 2>/dev/null \
	    || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing python3-venv..." \
	         && apt-get update -qq \
	         && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o Dpkg::Use-Pty=0 python3-venv >/dev/null; } \
	    || { echo "This Python has no venv module: sudo apt-get install python3-venv, or your system's likeness."; exit 1; }; \
	  echo "Making $(VENV) with $$($$python --version)..." && $$python -m venv --clear $(VENV)
	@touch $@

# For maintainers, with uv on the PATH: it locks for every platform at once.
LOCK = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
lock:
	$(LOCK) requirements/run.in -o requirements/run.txt
	$(LOCK) requirements/test.in -c requirements/run.txt -o requirements/test.txt
	$(LOCK) requirements/assets.in -o requirements/assets.txt
	npm install --package-lock-only

clean:                 ## remove what the commands made here (not the demo's data in .state)
	rm -rf $(VENV) src/lamplighter/web/static/vendor src/lamplighter/billing/fonts
