#!/bin/sh
# Lets the launcher in the working directory check what it is about to start, while the old server still runs: its .env file, the mods, the image, the
# cable and the way to the other machines. $1...: the launcher's own words. Starts nothing. Tells only the launcher's complaints: the rest of what it
# prints may hold a token.
limit=$(command -v timeout) || exit 0
./launch-cluster.sh --help 2>/dev/null </dev/null | grep -q -e --check-config || exit 0

said=$("$limit" -k 2 60 ./launch-cluster.sh "$@" --check-config 2>/dev/null </dev/null)
code=$?
case $code in
    0) printf '%s\n' "$said" | grep '^Only local node ' ;;
    1)
        printf '%s\n' "$said" | grep '^Error: '
        exit 1
        ;;
    *) exit 0 ;;
esac

# An image with a registry in its name is pulled when it is missing; any other has to be there.
image=$(printf '%s\n' "$said" | sed -n 's/^Image Name: //p' | head -n 1)
case $image in
    '' | */*) exit 0 ;;
esac
complaint=$(docker image inspect --format '{{.Id}}' "$image" 2>&1 >/dev/null </dev/null) && exit 0
case $complaint in
    *'No such image'*)
        printf "Unable to find image '%s' locally\n" "$image" >&2
        exit 1
        ;;
esac
exit 0
