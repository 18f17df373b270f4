#!/bin/bash
# Takes every word and starts nothing.
case "$*" in
    *--help*) echo "Usage: $0 --solo --ray"; exit 1 ;;
esac
echo "Nothing to do."
