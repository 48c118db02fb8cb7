# Two commands do it all: make lab, make test. See "make help".

# The Python that begins. If it does not suit TensorFlow, it looks for another one or fetches one.
PYTHON ?= $(if $(filter Windows_NT,$(OS)),python,python3)
# For make collect: the folder with one folder for each learner.
FROM ?= submitted
# Further groups of packages: make lab WITH=anywhere adds what step 15 needs, WITH=workers what step
# 16 does.
WITH ?=
# What else jupyter lab shall be told, such as ARGS=--no-browser.
ARGS ?=

BIN := .venv/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
EXE := $(if $(filter Windows_NT,$(OS)),.exe)

# TensorFlow then starts without chatting.
export TF_CPP_MIN_LOG_LEVEL ?= 1
export TF_ENABLE_ONEDNN_OPTS ?= 0

.PHONY: help lab workbook fresh book test mnist notebooks audit handout collect prove probe bench lock clean

help:
	@echo "make lab        open the series in JupyterLab, as a workbook of your own; to run all of"
	@echo "                steps 15 and 16, make lab WITH=\"anywhere workers\", which adds 0.6 GB"
	@echo "make fresh      begin a step of the workbook anew: make fresh STEP=3"
	@echo "make book       build the series as a website, in book/_build/html"
	@echo "make test       check what CI checks at each push, or one step: make test STEP=7"
	@echo "make mnist      download all of MNIST, 11 MB, which steps 9 to 11 and 13 to 15 need"
	@echo "make notebooks  store the outputs of all notebooks, or of some: make notebooks STEP=7"
	@echo "make audit      read what a step claims beside its run: make audit STEP=7"
	@echo "make handout    pack the series without its solutions, for a class"
	@echo "make collect    see who solved what: make collect FROM=submitted"
	@echo "make prove      tamper with notebooks, put bugs into the code: is all of it noticed?"
	@echo "make probe      run the notebooks on other code paths of this machine"
	@echo "make bench      measure, side by side"
	@echo "make lock       choose new versions of all packages, or with KEEP=1 only of new ones"
	@echo "make clean      remove the environment"

# To open the series; in addition to build the book of it, 70 MB; for step 15, 160 MB; for step 16,
# 0.5 GB; and to check it all.
.venv/ready: requirements.lock pyproject.toml tools/make_environment.py
	@$(PYTHON) tools/make_environment.py
.venv/ready-book: requirements.lock pyproject.toml tools/make_environment.py
	@$(PYTHON) tools/make_environment.py book
.venv/ready-test: requirements.lock pyproject.toml tools/make_environment.py
	@$(PYTHON) tools/make_environment.py book anywhere workers test
.venv/ready-anywhere: requirements.lock pyproject.toml tools/make_environment.py
	@$(PYTHON) tools/make_environment.py anywhere
.venv/ready-workers: requirements.lock pyproject.toml tools/make_environment.py
	@$(PYTHON) tools/make_environment.py workers
# If the Python that .venv stands on was removed, its name there leads nowhere: a new one is made.
.venv/ready .venv/ready-book .venv/ready-anywhere .venv/ready-workers .venv/ready-test: $(BIN)/python$(EXE)
$(BIN)/python$(EXE): ;

workbook: .venv/ready $(WITH:%=.venv/ready-%)
	@$(BIN)/python tools/workbook.py

# Not by the name jupyter, which is a file whose first line would have to hold the path of .venv.
lab: workbook
	@$(BIN)/python -m jupyterlab $(if $(filter 0,$(shell id -u)),--allow-root) \
		--ServerApp.root_dir=. \
		--LabApp.default_url=lab/tree/workbook/01_packages.ipynb \
		$(ARGS)

book: .venv/ready-book
	@$(BIN)/python -m book

# Two workers: one thread each keeps them out of each other's way, and changes no result. In three
# parts, so that workers that hold TensorFlow are gone before kernels and browsers need the memory.
# The browser loads what the part before it has trained.
test prove: export TF_NUM_INTRAOP_THREADS ?= 1
test prove: export TF_NUM_INTEROP_THREADS ?= 1
test prove: export OPENBLAS_NUM_THREADS ?= 1
test: .venv/ready-test
ifdef STEP
	$(BIN)/python -m checks $(STEP)
	$(BIN)/python -m pytest -q --nbval -n 2 --dist loadfile --step "$(STEP)" notebooks tests/test_exercises.py
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup --step "$(STEP)" tests/browser/test_notebooks.py
else
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m checks
	$(BIN)/python -m book
	$(BIN)/python -m pytest -rfEs -n 2 --dist loadfile --no-loadscope-reorder --ignore=tests/browser tests proof bench
	$(BIN)/python -m pytest -rfEs --nbval -n 2 --dist loadfile --no-loadscope-reorder notebooks
	$(BIN)/python -m pytest -rfEs -n 2 --dist loadgroup tests/browser
	@$(BIN)/python -m checks --left-out
endif

fresh:
	@$(PYTHON) tools/workbook.py $(or $(STEP),$(error Name a step: make fresh STEP=3))

mnist: .venv/ready
	@$(BIN)/python -c "import helpers; helpers.load_mnist()"

notebooks: .venv/ready-test
	$(BIN)/python -m tools.notebooks $(STEP) $(if $(ALWAYS),--always)

audit: .venv/ready-test
	@$(BIN)/python -m tools.audit $(STEP) $(PAGE) $(if $(READ),--read)

handout: .venv/ready-test
	@$(BIN)/python -m tools.classroom

collect: .venv/ready-test
	@$(BIN)/python -m tools.classroom --collect "$(FROM)" $(if $(RUN),--run)

prove: .venv/ready-test
	$(BIN)/python -m proof.prove

probe: .venv/ready-test
	$(BIN)/python -m tools.probe

# Each program writes its section of bench/RESULTS.md. STROKES may name a file of pen strokes.
bench: .venv/ready-test
	$(BIN)/python -m bench $(if $(STROKES),--strokes "$(STROKES)")

lock: .venv/ready
	$(BIN)/python -m tools.make_lock $(if $(KEEP),--keep)

clean:
	rm -rf .venv
