#!/bin/sh
# Runs the launcher ($3…) with a Hugging Face home other than the usual one: $1 says whether $2 is below the home ("home") or absolute ("abs").
case "$1" in
    home) HF_HOME="$HOME/$2" ;;
    *) HF_HOME=$2 ;;
esac
export HF_HOME
shift 2
exec "$@" </dev/null
