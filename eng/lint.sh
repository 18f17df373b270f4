#!/bin/sh
# Format, analyzers (errors in the build) and shell scripts. The build it makes is the one that eng/test.sh runs.
set -eu
cd "$(dirname "$0")/.."

if [ -z "${CI:-}" ] && ! command -v shellcheck >/dev/null; then
    echo "Left out: the shell scripts (shellcheck is not installed)."
else
    git ls-files -z -- '*.sh' .ci/run | xargs -0 shellcheck
fi
dotnet build Appliance.sln -c Release -v q --nologo
dotnet format whitespace Appliance.sln --verify-no-changes --no-restore
