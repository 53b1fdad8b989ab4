# make serve [OCR=1]   everything from nothing to a served address; with OCR=1 scans are read too
# make test            lint and tests; the others have a line of their own below:
#   test-full          slow ones too
#   torture, fuzz-loaders, fuzz   damaged files and disks, damaged reports, whatever may be asked
#   test-bundle, test-container, test-opensearch   the archive, a container's steps, three nodes of a cluster
#   bench, bench-large, views, worst, attacks, soak   what it takes; equal, mutants   what tests are worth
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := chromium fonts-noto-cjk nginx-light openssl
# Tests that run at a time: one for each core, at most four.
JOBS ?= $(shell cores=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); [ $$cores -lt 4 ] && echo $$cores || echo 4)

.PHONY: serve install index test test-full equal views bench-large torture attacks fuzz fuzz-loaders test-opensearch test-bundle test-container lint types-here types-win32 packages lock texts bench worst soak mutants bundle sbom audit clean

serve: $(VENV)/installed $(if $(OCR),$(VENV)/installed-ocr)
	$(BIN)/reindex || [ $$? -eq 3 ]
	$(BIN)/webui --port $(PORT)

# make install [PREFIX=/opt/fazhi-search]: into a folder of its own, for a server; the checkout is not needed afterwards. See docs/operations.md.
PREFIX ?= /opt/fazhi-search
install:
	$(PYTHON) -m venv $(PREFIX)
	$(PREFIX)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(PREFIX)/bin/pip install --quiet --disable-pip-version-check --no-deps --force-reinstall .
	mkdir -p $(PREFIX)/share/doc && cp -r docs/*.md docs/deploy $(PREFIX)/share/doc/

# The steps of docs/deploy/Containerfile in a bare Debian, for machines without a container engine; as root.
test-container: $(VENV)/installed-dev
	@command -v debootstrap >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends debootstrap >/dev/null; }
	$(BIN)/pytest -m container

index: $(VENV)/installed
	$(BIN)/reindex

# Hundreds of processes are started, each of which reads the package: compiled, once for all of them.
test: export PYTHONDONTWRITEBYTECODE =
test: $(VENV)/installed-dev packages lint
	rm -f .coverage .coverage.*
	$(BIN)/coverage run -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

test-full: $(VENV)/installed-dev packages lint
	$(BIN)/pytest -m "slow or not slow"

# make torture [FROM=0]: 100,000 damaged files, 10,000 moments at which power is lost, 10,000 faults of a disk, each in 200 parts, from this one on; an
# ordinary run of the tests tries 2,000 of each. Quicker with TMPDIR in memory, for everything is flushed.
FROM ?= 0
torture: $(VENV)/installed-dev
	TORTURE=$(FROM) $(BIN)/pytest -v tests/torture

# make fuzz [FUZZ_SECONDS=3600]: random queries, arguments of addresses and messages of assistants, each for so long; an ordinary run tries the same few hundred.
FUZZ_SECONDS ?= 3600
fuzz: $(VENV)/installed-dev
	FUZZ_SECONDS=$(FUZZ_SECONDS) $(BIN)/pytest tests/fuzz

# make fuzz-loaders [FILES=2000]: so many damaged files of each format, each the same every time; an ordinary run tries 16.
FILES ?= 2000
fuzz-loaders: $(VENV)/installed-dev
	FUZZ=$(FILES) $(BIN)/pytest tests/torture/test_damaged_reports.py

# Fetches OpenSearch, starts three nodes on this machine, kills each in turn, asks them 10,000 random requests; they end with the tests.
test-opensearch: $(VENV)/installed-dev
	$(BIN)/pytest -m cluster tests/opensearch
	OPENSEARCH_NODES=3 CLUSTER_QUERIES=10000 $(BIN)/pytest -rP tests/indexer/engines/opensearch tests/indexer/engines/test_same_answers.py

# make equal [VIEWS=2000]: so many random matrices, and a quarter as many of each other view of many reports, on every engine against a plain reading.
VIEWS ?= 2000
equal: $(VENV)/installed-dev
	VIEW_REQUESTS=$(VIEWS) $(BIN)/pytest tests/indexer/engines/test_equal_views.py

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(MAKE) --no-print-directory -j2 types-here types-win32

# Each with a cache of its own: of another platform's nothing is used.
types-here: $(VENV)/installed-dev
	$(BIN)/mypy

types-win32: $(VENV)/installed-dev
	$(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32

# make bundle [FOR="windows-x86_64-3.12 …"] [OCR=1]: one archive that installs without a network, by default for every target of bundle/targets.py.
bundle: $(VENV)/installed-dev
	$(BIN)/python -m bundle $(if $(FOR),--for $(FOR)) $(if $(OCR),--ocr)

test-bundle: $(VENV)/installed-dev
	$(BIN)/pytest -m bundle

# make bench TEXTS=texts.jsonl.gz [SEGMENTER=rjieba]: every engine on the same paragraphs; writes docs/benchmarks.md.
SEGMENTER ?= jieba
bench: $(VENV)/installed-dev
	$(BIN)/pip install --quiet --disable-pip-version-check -e ".[bench]"
	FAZHI_SEGMENTER=$(SEGMENTER) $(BIN)/python -m benchmarks.engines --texts "$(TEXTS)" --write docs/benchmarks.md

# make worst TEXTS=texts.jsonl.gz [SECONDS=120]: the requests that take the most time, looked for, and every address at its worst; make soak TEXTS=… [REQUESTS=1000000]: memory under random ones.
SECONDS ?= 120
REQUESTS ?= 1000000
worst: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks.worst --texts "$(TEXTS)" --seconds $(SECONDS)
	$(BIN)/python -m benchmarks.addresses --texts "$(TEXTS)"

# make views TEXTS=texts.jsonl.gz [REPORTS=36000]: how long every view of many reports takes, a million passages by default.
REPORTS ?= 36000
views: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks.views --texts "$(TEXTS)" --reports $(REPORTS)

# make attacks TEXTS=texts.jsonl.gz: what ordinary requests take while others attack the server.
attacks: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks.attacks --texts "$(TEXTS)"

# make bench-large TEXTS=texts.jsonl.gz [STAGES="1 3 10"] [FOLDER=/tmp/large]: millions of passages, what they take to build, open, ask and add to; 2.2 GB of disk for each.
STAGES ?= 1 3
bench-large: $(VENV)/installed-dev
	FAZHI_SEGMENTER=rjieba $(BIN)/python -m benchmarks.large --texts "$(TEXTS)" --stages $(STAGES) $(if $(FOLDER),--folder "$(FOLDER)" --keep)

soak: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks.soak --texts "$(TEXTS)" --passages 500 --requests $(REQUESTS)

# make mutants [OF="indexer/query …"] [SAMPLE=80] [SEED=0]: which small changes of the code no test notices, a random sample of each part.
SAMPLE ?= 80
SEED ?= 0
mutants: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks.mutants $(OF) --sample $(SAMPLE) --seed $(SEED)

# The browser test needs a browser and a Chinese font.
packages:
	@missing=$$(for p in $(PACKAGES); do dpkg -s $$p >/dev/null 2>&1 || echo $$p; done); \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	else echo "not installed:" $$missing "- tests that need them are skipped; install them with apt-get"; fi

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

$(VENV)/installed-dev: requirements-dev.lock $(VENV)/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

# The engine that reads scans needs no other package.
$(VENV)/installed-ocr: requirements-dev.lock $(VENV)/installed
	sed -n '/^faster-paddle==/,/[^\\]$$/p' requirements-dev.lock > $(VENV)/ocr.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $(VENV)/ocr.lock
	touch $@

# Lists in the catalogues what pages, the API and commands say, and compiles them.
texts: $(VENV)/installed-dev
	$(BIN)/python -m indexer.texts.update

lock:
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

# What is installed, as CycloneDX in dist/sbom.json; and whether any of it has a known vulnerability. Both tools are fetched for the moment.
sbom: $(VENV)/installed-dev
	mkdir -p dist
	$(BIN)/uv tool run --quiet --from cyclonedx-bom cyclonedx-py requirements requirements.lock -o dist/sbom.json

audit: $(VENV)/installed-dev
	.ci/audit

clean:
	rm -rf $(VENV) var build dist *.egg-info
