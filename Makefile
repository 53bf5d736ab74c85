# The reference In-Home Display: `make` lists what can be done.

PYTHON ?= python3
RUN := .venv/bin/python
READY := build/ready

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-vm test-cuts test-lives test-frames scenarios lint mpy bench mutants erase-proof clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## a virtual environment with pinned tools, and a MicroPython VM if one can be had

$(READY): requirements.txt
	@echo "Setting up: pinned Python tools into .venv, about half a minute ..."
	@$(PYTHON) tools/environment.py
	@echo "Setting up: a MicroPython VM, some seconds ..."
	@$(RUN) -m tools.micropython_vm --obtain
	@mkdir -p build && touch $@

demo: $(READY) ## moving day: three days, told as they happen; pictures in build/demo, about a minute
	@$(RUN) -m tools.demo

test: $(READY) ## every test, on CPython and on the MicroPython VM; about fourteen minutes on two cores
	@echo "Testing, about fourteen minutes on two cores ..."
	@$(RUN) -m pytest -n auto --dist worksteal

test-vm: $(READY) ## only the portable tests, on the MicroPython VM
	@$(RUN) -m pytest host_tests/test_on_vm.py

test-cuts: $(READY) ## the power fails at every flash operation, and again in every recovery; about ten minutes
	@$(RUN) host_tests/cut_states.py
	@KILLS=50 $(RUN) -m pytest -s host_tests/test_wire_kills.py

scenarios: $(READY) ## the catalogue of tenancy, T01 to T48: in the core, on both interpreters, and over the wire
	@$(RUN) -m tools.scenarios

test-lives: $(READY) ## 20,000 steps of random lives against a model of the tenancy design; about five minutes
	@STEPS=$${STEPS:-20000} $(RUN) -m pytest -s host_tests/test_tenancy_model.py

test-frames: $(READY) ## 200,000 spoilt frames come to the whole client, from SEED on; about a minute
	@FRAMES=$${FRAMES:-200000} $(RUN) -m pytest -s host_tests/test_fuzz_client.py

lint: $(READY) ## ruff, ruff format and codespell
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@.venv/bin/codespell

mpy: $(READY) ## compile for the device, print sizes; fails on syntax the device lacks
	@$(RUN) -m tools.mpy

bench: $(READY) ## measure speed, allocation, heap, air time, the history store and a rewind; some minutes
	@$(RUN) -m tools.measure

erase-proof: $(READY) ## DUMP=image.bin: what the history partition holds, and whether anything before a floor is left
	@$(RUN) -m tools.erase_proof "$(DUMP)"

mutants: $(READY) ## plant each known defect in a copy and see a test fail; TESTED=1 after a good `make test`
	@$(RUN) host_tests/mutants.py $(if $(TESTED),--tested)

clean: ## remove what runs left behind, but not .venv
	@rm -rf build
