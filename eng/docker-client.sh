#!/bin/sh
# Prints the docker client that can build with BuildKit here.
# A client of version 23 or newer needs the buildx plug-in for that; Debian's own 20.10 client needs nothing.
set -eu

for client in docker /usr/bin/docker; do
    path=$(command -v "$client") || continue
    version=$("$path" --version | sed 's/^Docker version \([0-9]*\).*/\1/')
    if [ "$version" -lt 23 ] || "$path" buildx version >/dev/null 2>&1; then
        echo "$path"
        exit 0
    fi
done

echo "No docker client that can build with BuildKit: install Docker with its buildx plug-in (on Debian 12: docker.io)." >&2
exit 1
