# Any of these may be the first command typed in a fresh clone: each makes .venv and installs what it needs, once.
# Needed beforehand: make, Python 3.11 or newer, a package index. Another Python: make demo PYTHON=python3.12

PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PLUGIN := tests/plugin_example

.PHONY: demo test lint bench app docs clean

demo: .venv/installed-core  ## value four real assets, lend on them, record, replay
	$(BIN)/python examples/demo.py

test: .venv/installed-dev  ## every test, in random order
	$(BIN)/python -m pytest

lint: .venv/installed-dev  ## style, format, types, layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: .venv/installed-dev  ## the reference pages, written from the code
	$(BIN)/python docs/generate.py

bench: .venv/installed-bench  ## ratios against other ways, measured side by side
	$(BIN)/python -m benchmarks

app: .venv/installed-app  ## the app, in the browser
	$(BIN)/streamlit run app_streamlit.py

clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .hypothesis .ruff_cache .mypy_cache .import_linter_cache

# A stamp says that a set was installed; a change of pyproject.toml makes it old.
.venv/installed-core: pyproject.toml | .venv/made
	@echo "Installing the core into .venv ..."
	@$(INSTALL) -e .
	@touch $@

.venv/installed-app: pyproject.toml | .venv/made
	@echo "Installing the app into .venv ..."
	@$(INSTALL) -e ".[app]"
	@touch .venv/installed-core $@

.venv/installed-dev: pyproject.toml $(PLUGIN)/pyproject.toml | .venv/made
	@echo "Installing the app and the test tools into .venv ..."
	@$(INSTALL) -e ".[app,book,dev]" -e $(PLUGIN)
	@touch .venv/installed-core .venv/installed-app $@

.venv/installed-bench: pyproject.toml | .venv/made
	@echo "Installing what we measure against into .venv ..."
	@$(INSTALL) -e ".[bench]"
	@touch .venv/installed-core $@

.venv/made:
	@command -v $(PYTHON) > /dev/null || { \
	  echo "$(PYTHON) is not found: install Python 3.11 or newer, or name yours: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed and $(PYTHON) is $$($(PYTHON) -V 2>&1); name another: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || { \
	  echo "$(PYTHON) cannot make a virtual environment: on Debian and Ubuntu, apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@
