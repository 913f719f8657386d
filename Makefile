# Two commands on a fresh machine: make report, make test. The same without make is in README.md.
.PHONY: report test lab lock messages sample clean
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
export ICP_MAKE = 1
unexport PYTHONDONTWRITEBYTECODE  # compiled bytecode halves the start of every process and kernel

report: $(READY)
	$(BIN)/icp sample --missing
	$(BIN)/icp run

test: $(READY)
	$(BIN)/icp sample --missing
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadscope --no-loadscope-reorder --max-worker-restart 0

# No news and no questions after them, the table of contents open: jupyter/. The token that the address needs is JupyterLab's own.
lab: $(READY)
	$(BIN)/icp sample --missing
	test -e .venv/workspaces || cp -r jupyter/workspaces .venv/workspaces
	JUPYTER_CONFIG_PATH="$(CURDIR)/jupyter" JUPYTERLAB_WORKSPACES_DIR="$(CURDIR)/.venv/workspaces" \
		$(BIN)/jupyter lab --ip=127.0.0.1 notebooks/start.ipynb

# uv installs in seconds where pip takes minutes.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9,<1"
	UV_COMPILE_BYTECODE=1 $(BIN)/uv pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/uv pip install --quiet --no-deps --editable .
	touch $(READY)

# After a change in pyproject.toml. No index host may stand in the lock, so uv.lock stays out of git.
lock:
	$(BIN)/uv pip compile pyproject.toml --extra test --extra cluster --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --quiet --output-file requirements.lock

# After a change in a sentence, a label or a notebook's prose: the .po files get the new messages, still untranslated.
messages: $(READY)
	$(BIN)/python -m icp_helpers.page.messages

clean:
	rm -rf .venv data/processed reports/*/*.html
