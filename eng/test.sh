#!/bin/sh
# Runs every test project of the solution, on the build that eng/lint.sh made. Results go to artifacts/test-results;
# a project that crashes, hangs or runs no test counts as one failed test. eng/test.sh NAME… runs only those projects.
set -eu
cd "$(dirname "$0")/.."

results=$PWD/artifacts/test-results
rm -rf "$results"
mkdir -p "$results"
[ $# -gt 0 ] || set -- Appliance.Cluster.Tests Appliance.Gateway.Tests Appliance.Tests Appliance.Simulation Appliance.Hosts.Tests Appliance.Browser.Tests

# In CI everything has to be there. Elsewhere, what a person's machine lacks is left out, and said.
filter='Category!=Screenshots'
leave_out() {
    filter="$filter&Needs!=$1"
    echo "Left out: tests that need $1 ($2)."
}
if [ -z "${CI:-}" ]; then
    docker version >/dev/null 2>&1 || [ "$(id -u)" = 0 ] || leave_out docker "no Docker daemon answers you"
    command -v chromium >/dev/null || leave_out chromium "it is not installed"
    command -v promtool >/dev/null || leave_out promtool "it is not installed"
    { command -v node && command -v npm && command -v openssl; } >/dev/null || leave_out node "node, npm or openssl is not installed"
    command -v curl >/dev/null || leave_out curl "it is not installed"
    PATH=$PATH:/usr/sbin command -v sshd >/dev/null || leave_out sshd "it is not installed"
fi

for project in "$@"; do
    echo "$project"
    status=0
    dotnet test "tests/$project" -c Release --no-build --nologo -v q --filter "$filter" --results-directory "$results" \
        --logger "trx;LogFileName=$project.trx" --logger 'console;verbosity=minimal' \
        --blame-hang-timeout 10m --blame-hang-dump-type none || status=$?
    echo "$status" >"$results/$project.exit"
done

# Once more at the end, where a reader of a long log looks first: what failed, and how it said so.
for trx in "$results"/*.trx; do
    [ ! -e "$trx" ] || awk -v RS='<UnitTestResult ' '/^[^>]* outcome="Failed"/ {
        name = message = $0
        sub(/.*testName="/, "", name); sub(/".*/, "", name)
        if (sub(/.*<Message>/, "", message)) { sub(/<\/Message>.*/, "", message) } else { message = "no message" }
        print "FAILED " name; print substr(message, 1, 600)
    }' "$trx"
done
eng/count-tests.sh "$results"
