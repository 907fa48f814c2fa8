# make run: serve the atlas.   make test: check everything.   make bench: the side-by-side table.
# Each sets up what it needs (a venv, the packages, a Chromium) on a fresh machine with Python ≥ 3.11.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test lint bench screenshots vendor clean
.DELETE_ON_ERROR:

run: $(VENV)/run.done
	$(BIN)/python app.py

test: $(VENV)/test.done lint
	$(BIN)/python -m pytest

lint: $(VENV)/test.done
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy

bench: $(VENV)/test.done
	$(BIN)/python -m benchmarks.run

screenshots: $(VENV)/test.done
	$(BIN)/python tests/browser/screenshots.py

$(VENV)/run.done: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo '需要 Python 3.11 或更新版本,可用 make PYTHON=python3.12 指定 / Python 3.11 or newer is needed: make PYTHON=python3.12'; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --requirement requirements.txt
	touch $@

$(VENV)/test.done: $(VENV)/run.done requirements-dev.txt
	$(PIP) --requirement requirements-dev.txt
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python tests/targets/postgres.py
	touch $@

# Fetch the browser libraries again, as assets/vendor/LIST.csv names them (needs npm; not needed to run or test).
vendor:
	for folder in assets/vendor benchmarks/vendor; do ( cd $$folder && rm -f *.js *.css *.json && tmp=$$(mktemp -d) && \
	  tail -n +2 LIST.csv | while IFS=, read -r file package version licence inner; do \
	    tgz=$$(cd $$tmp && npm pack --silent $$package@$$version) && tar -xzOf $$tmp/$$tgz package/$$inner >> $$file && echo >> $$file; \
	  done; rm -rf $$tmp ); done

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
