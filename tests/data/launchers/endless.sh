#!/bin/bash
# Does not come to an end, and does not obey either.
case "$*" in
    *--help*) echo "Usage: $0 --solo --ray"; exit 1 ;;
esac
trap '' TERM
while :; do read -r -t 1 _ <> <(:); done
