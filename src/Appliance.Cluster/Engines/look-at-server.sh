#!/bin/sh
# Says whether the container $1 exists here and whether a model server runs in it. Read-only.
# Exit code 3: docker does not work, so nothing is known.
names=$(docker ps -a --format '{{.Names}}' 2>/dev/null </dev/null) || exit 3

if ! printf '%s\n' "$names" | grep -Fxq -e "$1"; then
    echo gone
    exit 0
fi

echo container
if processes=$(docker top "$1" 2>/dev/null </dev/null); then
    if printf '%s\n' "$processes" | grep -Fq 'vllm serve'; then
        echo "server yes"
    else
        echo "server no"
    fi
    exit 0
fi

complaint=$(docker exec "$1" pgrep -f 'vllm serve' 2>&1 >/dev/null </dev/null)
found=$?
case "$found:$complaint" in
    0:*) echo "server yes" ;;
    1:) echo "server no" ;;
    *'is not running'*) echo "server no" ;;
    *) echo "server unknown" ;;
esac
