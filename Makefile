# `make` lists what can be done; everything it needs is installed into .venv.

PYTHON := .venv/bin/python
INSTALLED := .venv/installed
# What the bench compares with: nothing else needs it.
PEERS := .venv/peers
WORKERS := 2
# What checks the API's document by the tools of those who build on it; it needs Node.js.
NODE := deploy/node
NODE_INSTALLED := $(NODE)/node_modules/.package-lock.json

# $(call with_node,SCRIPT,what is left undone without it)
define with_node
@if command -v npm >/dev/null; then \
	{ test $(NODE_INSTALLED) -nt $(NODE)/package-lock.json || npm --prefix $(NODE) ci --no-audit --no-fund --silent; } \
		&& npm --prefix $(NODE) run --silent $(1); \
else echo "SKIPPED: Node.js is not installed, so $(2)." >&2; fi
endef

.DEFAULT_GOAL := help
.PHONY: help run check check-code check-document test test-fast test-database coverage fix bench bench-imports bench-england bench-report openapi clients changelog clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(INSTALLED) ## Run the whole system on this machine until Ctrl-C
	@$(PYTHON) -m deploy run

test: $(INSTALLED) ## Run every test
	$(PYTHON) -m pytest -n $(WORKERS) --dist loadgroup

test-fast: $(INSTALLED) ## Run the tests that need neither a database nor a program: what one runs all day
	$(PYTHON) -m pytest -n $(WORKERS) --dist loadgroup -m "not database and not slow"

test-database: $(INSTALLED) ## Run the tests that need a database, and no whole system: before every push
	$(PYTHON) -m pytest -n $(WORKERS) --dist loadgroup -m database

coverage: $(INSTALLED) ## Run both, say what they did not reach, and fail below the floor
	$(PYTHON) -m pytest -n $(WORKERS) --dist loadgroup -m "not slow" --cov --cov-report term-missing:skip-covered

check: $(INSTALLED) ## Check everything that needs no test run: form, types, boundaries, the documents
	@$(MAKE) --no-print-directory -j2 check-code check-document

check-code: $(INSTALLED)
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	$(PYTHON) -m deploy openapi --check
	$(PYTHON) -m deploy rules --check
	$(PYTHON) -m mypy .
	$(PYTHON) -m mypy --config-file clients/python/mypy.ini
	.venv/bin/lint-imports

check-document: $(INSTALLED)
	$(call with_node,check,the API's document was not checked by its tools)

fix: $(INSTALLED) ## Put the code into its form, and mend what can be mended by itself
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

bench: $(PEERS) ## Measure the whole system beside its budgets and its peers: half an hour
	$(PYTHON) -m bench

bench-england: $(INSTALLED) ## Ask about one child among all of England's: an hour, 20 gigabytes
	$(PYTHON) -m bench.england

bench-report: $(INSTALLED) ## Make the report of five years of a large council: ten minutes
	$(PYTHON) -m bench.five_years

bench-imports: $(INSTALLED) ## Measure how long others wait while files are imported
	$(PYTHON) -m bench.imports

openapi: $(INSTALLED) ## Write docs/openapi.json and docs/rules.md anew
	$(PYTHON) -m deploy openapi
	$(PYTHON) -m deploy rules

clients: $(INSTALLED) ## Make the clients in Python and TypeScript from docs/openapi.json
	$(PYTHON) -m deploy openapi --check
	$(call with_node,client,the TypeScript client was not made)

changelog: $(INSTALLED) ## Show what the next version's change log says
	$(PYTHON) -m towncrier build --draft --version next

clean: $(INSTALLED) ## Stop the local system and remove everything that it kept
	@$(PYTHON) -m deploy clean

$(INSTALLED): requirements-dev.txt
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed, as python3."; exit 2; }
	@test -x $(PYTHON) || python3 -m venv .venv || { rm -rf .venv; exit 2; }
	@echo "Installing what is needed into .venv …"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(PEERS): requirements-bench.txt $(INSTALLED)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	@touch $@
