# Everything for a fresh machine: Python 3.11 or newer, Java 17 and Maven are needed, nothing else.
# Steps leave stamps, so that a second run does only what changed.

PYTHON ?= python3
BIN := .venv/bin
LOCKED := --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make lock" --quiet
INSTALLED := .venv/installed.stamp
BENCH := .venv/bench.stamp
KAFKA := .cache/kafka/fetched.stamp

.PHONY: setup setup-bench demo test check test-unit test-kafka soak lock clean

setup: $(INSTALLED) $(KAFKA)

# What the benches compare with (faiss, splink, recordlinkage), and the names of the corpus fieldwork;
# nothing else needs it.
setup-bench: $(BENCH)

# The federation of four on this machine; see README.md.
demo: setup
	$(BIN)/liaison demo

test: check test-unit test-kafka

check: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test-unit: $(INSTALLED)
	$(BIN)/pytest -m "not kafka and not soak"

test-kafka: setup
	$(BIN)/pytest -m "kafka and not soak"

# Long: kills nodes, broker and publisher under load, again and again.
soak: setup
	$(BIN)/pytest -m soak

# For maintainers: resolves pyproject.toml anew. Needs uv.
lock:
	uv pip compile pyproject.toml --group dev $(LOCKED) --output-file requirements.lock
	uv pip compile --group bench --constraints requirements.lock $(LOCKED) \
		--output-file requirements-bench.lock

clean:
	rm -rf .venv .cache .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis \
		build dist

$(INSTALLED): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(BENCH): requirements-bench.lock $(INSTALLED)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-bench.lock
	touch $@

$(KAFKA): docker/kafka/pom.xml docker/kafka/jars.sha256 | $(INSTALLED)
	$(BIN)/python -m liaison.kafka_jars
	mkdir -p $(@D)
	touch $@
