# The verbs of this repository. `make` alone lists them.

DATA_DIR ?= .data
PORT ?= 9999
IMAGE ?= appliance:dev
N ?= 10000
SEED ?= 1
export DOTNET_NOLOGO = 1
export DOTNET_CLI_TELEMETRY_OPTOUT = 1

.PHONY: help run test lint bench image screenshots simulate clean sdk

help: ## lists the verbs
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-20s%s\n", $$1, $$2 }'

run: sdk ## starts the appliance on http://localhost:9999 (PORT, DATA_DIR, DEMO)
	@DATA_DIR="$(abspath $(DATA_DIR))" PORT="$(PORT)" dotnet run --project src/Appliance -c Release

test: sdk ## installs what the tests need (as root on Debian), then lint and every test
	@eng/install-test-tools.sh
	@eng/lint.sh
	@eng/test.sh

lint: sdk ## format, analyzers and shell scripts
	@eng/lint.sh

bench: sdk ## measures start, memory, changes of models and the gateway; prints tables (BENCH="gateway streams")
	@dotnet publish src/Appliance -c Release -v q --nologo -o artifacts/bench/appliance
	@dotnet run --project tests/Appliance.Benchmarks -c Release -- artifacts/bench/appliance/Appliance.dll $(BENCH)

image: ## builds the container image (IMAGE=appliance:dev)
	@eng/image.sh "$(IMAGE)"

screenshots: sdk ## makes the pictures in docs/screenshots again
	@SCREENSHOTS="$(abspath docs/screenshots)" dotnet test tests/Appliance.Browser.Tests -c Release --nologo --filter Category=Screenshots

simulate: sdk ## random fault schedules against the swap engine (N=10000, SEED=1)
	@dotnet run --project tests/Appliance.Simulation -c Release -- "$(N)" "$(SEED)"

clean: ## removes build output; .data stays
	@rm -rf artifacts src/*/bin src/*/obj tests/*/bin tests/*/obj

sdk:
	@dotnet --version >/dev/null 2>&1 || { echo "Appliance is built with the .NET 10 SDK, which is not installed here: see https://dotnet.microsoft.com/download"; exit 1; }
