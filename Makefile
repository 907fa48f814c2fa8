# make run: serve the atlas.   make test: check everything.   make bench: the side-by-side table.
# make check: what can be checked without a browser and without a server, in a minute.
# Each sets up what it needs (a venv, the packages, a Chromium) on a fresh machine with Python ≥ 3.11.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Exactly what the lock files name, by checksum; from the folder wheels/, where there is one, and from nowhere else.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
  $(if $(wildcard wheels/*),--no-index --find-links wheels)

.PHONY: run test check lint bench screenshots vendor lock wheelhouse clean
.DELETE_ON_ERROR:

run: $(VENV)/run.done
	$(BIN)/python app.py

test: $(VENV)/test.done lint
	$(BIN)/python -m pytest

check: $(VENV)/test.done lint
	$(BIN)/python -m pytest --ignore tests/browser --ignore tests/server

lint: $(VENV)/test.done
	$(BIN)/ruff check .
	$(BIN)/oxlint --deny-warnings assets tests
	$(BIN)/lint-imports
	$(BIN)/mypy

bench: $(VENV)/test.done
	$(BIN)/python -m benchmarks.run

screenshots: $(VENV)/test.done
	PYTHONPATH=.:tests/targets $(BIN)/python tests/browser/screenshots.py

$(VENV)/run.done: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo '需要 Python 3.11 或更新版本,可用 make PYTHON=python3.12 指定 / Python 3.11 or newer is needed: make PYTHON=python3.12'; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --requirement requirements.lock
	touch $@

$(VENV)/test.done: $(VENV)/run.done requirements-dev.lock
	$(PIP) --requirement requirements-dev.lock
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python tests/browser/old_chromium.py
	$(BIN)/python tests/targets/postgres.py
	touch $@

# Fetch the browser libraries again, as assets/vendor/LIST.csv names them (needs npm; not needed to run or test).
vendor:
	for folder in assets/vendor benchmarks/vendor; do ( cd $$folder && rm -f *.js *.css *.json && tmp=$$(mktemp -d) && \
	  tail -n +2 LIST.csv | while IFS=, read -r file package version licence inner sum; do \
	    tgz=$$(cd $$tmp && npm pack --silent $$package@$$version) && tar -xzOf $$tmp/$$tgz package/$$inner >> $$file && echo >> $$file; \
	  done; rm -rf $$tmp; tail -n +2 LIST.csv | awk -F, '{ print $$6 "  " $$1 }' | sha256sum --check --quiet ); done

# Write the lock files again, after a change of requirements.txt or requirements-dev.txt: every package that those need,
# with the checksums of its files for all systems.
lock:
	tmp=$$(mktemp -d) && $(PYTHON) -m venv $$tmp && $$tmp/bin/pip install --quiet uv==0.13.9 && \
	for name in requirements requirements-dev; do \
	  $$tmp/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	    requirements.txt $$name.txt --output-file $$name.lock || exit 1; \
	done; rm -rf $$tmp

# Fetch all packages into the folder wheels/, to be carried to a machine without access; for another system than this
# one: make wheelhouse FOR="--platform win_amd64 --python-version 3.11"
wheelhouse: $(VENV)/run.done
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --only-binary=:all: --require-hashes \
	  --requirement requirements.lock --dest wheels $(FOR)

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
