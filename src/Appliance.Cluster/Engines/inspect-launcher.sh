#!/bin/sh
# Asks the launcher in the working directory what it can do. Read-only: --help parses its words and prints.
if [ ! -f ./launch-cluster.sh ] || [ ! -x ./launch-cluster.sh ]; then
    echo missing
    exit 0
fi

# The help text is printed with exit code 1.
help=$(./launch-cluster.sh --help 2>/dev/null </dev/null)

lists() {
    # A whole word: "--ray" must not be found in "--ray-port".
    if printf '%s\n' "$help" | grep -Eq -- "(^|[^A-Za-z0-9-])$1([^A-Za-z0-9-]|\$)"; then
        echo yes
    else
        echo no
    fi
}

echo "solo $(lists --solo)"
echo "ray $(lists --ray)"
if grep -q -- 'printf.*%q' ./launch-cluster.sh; then
    echo "quotes yes"
else
    echo "quotes no"
fi
