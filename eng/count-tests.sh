#!/bin/sh
# Sums up the results that eng/test.sh left in a folder, and prints "N passed, N failed". Fails unless all is well.
# For each project there is NAME.exit, and NAME.trx if its test run came to an end.
set -eu

results=$1
passed=0
failed=0
projects=0
for exit_file in "$results"/*.exit; do
    [ -e "$exit_file" ] || break
    projects=$((projects + 1))
    trx=${exit_file%.exit}.trx
    counters=
    [ ! -e "$trx" ] || counters=$(grep -o '<Counters [^>]*' "$trx" | tail -1) || counters=
    count() { printf '%s' "$counters" | sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p"; }
    good=$(count passed)
    total=$(count total)
    executed=$(count executed)
    bad=$((${executed:-0} - ${good:-0}))
    # A skipped test has not shown that anything works.
    bad=$((bad + ${total:-0} - ${executed:-0}))
    if [ "$bad" = 0 ] && { [ "$(cat "$exit_file")" != 0 ] || [ "${good:-0}" = 0 ]; }; then
        echo "$(basename "${exit_file%.exit}") did not come to a good end." >&2
        bad=1
    fi
    passed=$((passed + ${good:-0}))
    failed=$((failed + bad))
done
[ "$projects" != 0 ] || failed=1

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
