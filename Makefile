# The checks a person runs are CI's: .ci/run calls `make test`. Each target works alone on a fresh machine.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup lint packages test coverage test-unit test-newest test-later test-browser test-prometheus test-models test-api test-node bench fuzz mutate lock run record record-cases golden docs

PYTHON ?= python3
venv := .venv
EVIDENCE ?= crash-loop
command = $(venv)/bin/rollout-analyzer
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Where a machine forbids bytecode files, each start would compile the package and the tests anew: a third of the tests' time.
export PYTHONDONTWRITEBYTECODE :=
pip := $(venv)/bin/pip install --quiet --no-deps
# The lock is complete, so nothing is resolved: an old pip looks past a pin for a newer release, and asks for its hash.
locked := $(pip) --require-hashes
# Kept as they are, not installed: pips of before, and what packages of other tools have: axe-core, and the schema of SARIF.
kept := $(wildcard requirements/pip-*.txt) requirements/axe.txt requirements/sarif.txt
pytest := $(venv)/bin/pytest
workers := $(pytest) -p xdist -n auto --dist worksteal
alone := timed or browser or prometheus or models or api or node
quick := not slow and not ($(alone))
pip_compile := $(venv)/bin/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
  --no-emit-options --no-emit-index-url --no-emit-trusted-host --no-emit-find-links $(LOCK)
# Where packages come from is the machine's business (pip.conf, GOPROXY, sources.list), never this repository's.
registries := pypi[.]org|pythonhosted[.]org|(proxy|sum)[.]golang|deb[.]debian|registry[.]npmjs|^--(index|extra-index|find-links|trusted-host)

help:  ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(venv)/run  ## Judge a recorded canary: EVIDENCE=healthy, new-errors, oom-kill, or a file
	@file="$(EVIDENCE)"; [ -e "$$file" ] || file="examples/evidence/$$file.json.gz"; code=0; \
	$(command) analyze --evidence "$$file" --model builtin || code=$$?; \
	case $$code in 0 | 3 | 4) ;; *) exit $$code ;; esac; \
	echo "The command is $(command); pipx install . puts it on your PATH."

setup: $(venv)/dev  ## What development needs, in .venv

test: setup lint packages docs  ## What CI runs: lint, the site, then every suite this machine can run, the cheap ones first
	setsid tests/compile & trap "kill -- -$$! 2> /dev/null || true" EXIT; \
	make --no-print-directory test-newest; failed=0; \
	$(workers) $(cov) -m "not ($(alone))" || failed=1; \
	$(pytest) $(cov) -m "$(alone)" || failed=1; exit $$failed

coverage: export COVERAGE_FILE := $(CURDIR)/.coverage
coverage: cov := --cov --cov-append --cov-report=
coverage: test  ## The same, and which lines no test runs
	$(venv)/bin/coverage report

lint: setup  ## Style, types, the direction of imports
	$(venv)/bin/ruff check
	$(venv)/bin/ruff format --check
	$(venv)/bin/mypy
	$(venv)/bin/lint-imports --no-logo
	! git grep --untracked -nE '$(registries)' -- . ':!Makefile'

test-unit: setup  ## What needs nothing but Python and little time: to run while editing
	$(workers) --hypothesis-profile=quick -m "$(quick)"

test-newest: setup  ## The same on the newest Python at hand, where it is newer than this one
	@read -r version python < <(tests/newest) || { echo "not run: the tests on a newer Python, for lack of one"; exit 0; }; \
	$(MAKE) --no-print-directory venv=.venv-$$version PYTHON=$$python test-unit

test-later: setup  ## The same with the clock a year ahead (gcc); SUITES=slow: another suite
	gcc -shared -fPIC -O2 -o $(venv)/later.so tests/later.c
	LD_PRELOAD=$(CURDIR)/$(venv)/later.so $(workers) -m "$(or $(SUITES),$(quick))"

test-browser: setup packages  ## The report page in a real browser; SCREENSHOTS=FOLDER keeps what was seen
	$(pytest) -m browser

test-prometheus: setup packages  ## On a real Prometheus with a history
	$(pytest) -m prometheus

test-models: setup packages  ## On a real Ollama and the real SDKs (Go)
	$(pytest) -m models

test-api: setup packages  ## On a real API server (Go)
	$(pytest) -m api

test-node: setup packages  ## On a real node, with real pods (Go, root)
	$(pytest) -m node

bench: setup packages  ## The figures
	status=0; for figure in startup memory logs events miner parallel live scale; do $(venv)/bin/python bench/$$figure.py || status=1; done; exit $$status

fuzz: setup  ## Look for a reply that is no valid promote and becomes one, for FUZZ_SECONDS=60
	$(venv)/bin/python bench/fuzz.py $(or $(FUZZ_SECONDS),60)

mutate: setup packages  ## Break the rules that decide, one small change at a time, and show what no test notices (MUTANTS='analyzer.exits.*')
	$(venv)/bin/python bench/mutate.py $(MUTANTS)

sbom:  ## What the image's packages are, as CycloneDX, in build/sbom.json
	$(PYTHON) bench/sbom.py build/sbom.json

audit:  ## Whether a vulnerability of a pinned package is known; AUDIT=--vulnerability-service=osv asks another service
	$(PYTHON) bench/audit.py $(AUDIT)

docs: .venv-docs/done  ## The documentation as a site, in build/site; a dead link ends it
	NO_MKDOCS_2_WARNING=1 .venv-docs/bin/python docs/site/build.py build/site

golden: setup  ## Write the golden prompts, the README's run, docs/faults.md, docs/injection.md, docs/options.md, the chart's page and the schemas anew
	tests/golden/write.sh
	$(venv)/bin/python docs/schema/write.py

record: setup packages  ## Record examples/evidence/ anew, from real pods (Go, root)
	$(venv)/bin/python -m tests.node.record

record-cases: setup packages  ## Record bench/recorded anew, each version of three small services as a canary (Go, root)
	$(venv)/bin/python -m tests.node.record_cases $(CASES)

packages:  ## Debian packages of the suites on real parts, where they are missing
	@tests/packages

lock: setup  ## Pin requirements/ anew; LOCK=--upgrade moves the pins
	$(pip_compile) pyproject.toml --output-file requirements/run.txt
	$(pip_compile) pyproject.toml --extra otlp --constraint requirements/run.txt --output-file requirements/otlp.txt
	for each in requirements/*.in; do $(pip_compile) $$each --output-file $${each%.in}.txt; done

.venv-docs/done: requirements/docs.txt
	$(PYTHON) -m venv .venv-docs
	.venv-docs/bin/pip install --quiet --no-deps --require-hashes -r requirements/docs.txt
	.venv-docs/bin/pip --quiet check
	@touch $@

$(venv)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv $(venv)

$(venv)/run: requirements/run.txt | $(venv)/bin/pip
	$(locked) -r requirements/run.txt
	$(venv)/bin/pip --quiet check
	[ -e $(command) ] || printf '#!/bin/sh\nPYTHONPATH="%s" exec "%s" -m analyzer "$$@"\n' "$(CURDIR)" "$(abspath $(venv))/bin/python" > $(command)
	chmod +x $(command)
	@touch $@

$(venv)/dev: requirements/dev.txt $(kept) pyproject.toml | $(venv)/bin/pip
	$(locked) -r requirements/dev.txt
	for each in $(kept); do $(venv)/bin/pip download --quiet --no-deps --require-hashes --dest $(venv)/pips -r $$each; done
	$(pip) --no-build-isolation --editable .
	$(venv)/bin/pip --quiet check
	@touch $(venv)/run $@
