# make run: the app.  make test: every check.  make quick: the checks of the core, in two minutes.
# make bench: speed against the peers, as ratios.  make reference: docs/reference.md.
# Each does all of its own set-up on a machine with Python 3.11+ and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CORE := formats network settings planning published accuracy teaching charts

.PHONY: run test quick bench reference audit browser images serving weights clean

run: $(VENV)/runtime
	$(BIN)/python -m explorer weights fetch b0 || echo "The app starts all the same; until then EfficientNet-Lite answers in B0's place."
	$(BIN)/streamlit run app.py

test: $(VENV)/development browser images serving weights
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

# Format, lint, types, and the tests of the core: those that need neither torch nor a server.
quick: $(VENV)/development
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest --quiet --numprocesses auto tests/test_rooms.py tests/test_readme.py tests/docs $(addprefix tests/,$(CORE))

bench: $(VENV)/development browser images
	$(BIN)/python -m tests.benchmarks

# docs/reference.md, from the docstrings, and docs/settings.md, from the declarations.
reference: $(VENV)/development
	$(BIN)/python -m tests.support.reference
	$(BIN)/python -m tests.support.settings_page

# A stamp per set of requirements: installed again only when its list changes.
$(VENV)/runtime: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/development: requirements.txt requirements-cluster.txt requirements-dev.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@ $(VENV)/runtime

# Asks the public advisories, so it needs internet; it has an environment of its own.
audit: requirements.txt
	$(PYTHON) -m venv $(VENV)-audit
	$(VENV)-audit/bin/python -m pip install --quiet pip-audit==2.10.1
	$(VENV)-audit/bin/pip-audit --requirement requirements.txt --no-deps --disable-pip

browser: $(VENV)/development
	$(BIN)/python -m tests.browser.install

images: $(VENV)/development
	$(BIN)/python -m tests.study.install

serving: $(VENV)/development
	$(BIN)/python -m tests.serving.install

# What the tests hold B0's answers against, whatever other weights of B0 there are.
weights: $(VENV)/development
	$(BIN)/python -m explorer weights fetch b0 --exactly || echo "The tests that need B0 will fail."

clean:
	rm -rf $(VENV)
