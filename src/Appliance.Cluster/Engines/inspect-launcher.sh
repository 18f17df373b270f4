#!/bin/sh
# Asks a host what the launcher in the folder $2 can do and whether it can be used; $1 says whether that is below the home ("home") or absolute
# ("abs"). Read-only: --help parses its words and prints.

docker_state() {
    if ! command -v docker >/dev/null 2>&1; then
        # An SSH command gets a shorter PATH than a person at a terminal.
        for folder in "$HOME/.local/bin" "$HOME/bin" /usr/local/bin /snap/bin; do
            if [ -x "$folder/docker" ]; then
                echo "elsewhere $folder"
                return
            fi
        done
        echo missing
        return
    fi
    if complaint=$(docker ps -q 2>&1 >/dev/null </dev/null); then
        echo ok
        return
    fi
    case $complaint in
        *'permission denied'*) echo denied ;;
        *) echo down ;;
    esac
}

lists() {
    # A whole word: "--ray" must not be found in "--ray-port".
    if printf '%s\n' "$help" | grep -Eq -- "(^|[^A-Za-z0-9-])$1([^A-Za-z0-9-]|\$)"; then
        echo yes
    else
        echo no
    fi
}

echo "docker $(docker_state)"
case "$1" in
    home) folder=$HOME/$2 ;;
    *) folder=$2 ;;
esac
if ! cd -- "$folder" 2>/dev/null || [ ! -f ./launch-cluster.sh ]; then
    echo "launcher missing"
    exit 0
fi
if [ ! -x ./launch-cluster.sh ]; then
    echo "launcher locked"
    exit 0
fi
for tool in bash python3; do
    # Python reads the launcher's .env file.
    if ! command -v "$tool" >/dev/null 2>&1 && { [ "$tool" = bash ] || [ -f ./.env ]; }; then
        echo "launcher without $tool"
        exit 0
    fi
done

# The help text is printed with exit code 1.
help=$(./launch-cluster.sh --help 2>/dev/null </dev/null)
echo "launcher ok"
# A name in the .env file wins over the launcher's usual one, also where that is asked for by --name.
if [ -f ./.env ] && grep -q DOTENV_CONTAINER_NAME ./launch-cluster.sh; then
    name=$(sed -n "s/^[[:space:]]*CONTAINER_NAME[[:space:]]*=[[:space:]]*[\"']\{0,1\}\([A-Za-z0-9][A-Za-z0-9_.-]*\)[\"']\{0,1\}[[:space:]]*\$/\1/p" ./.env)
    [ -z "$name" ] || echo "container $name"
fi
echo "solo $(lists --solo)"
echo "ray $(lists --ray)"
echo "hash $(sha256sum ./launch-cluster.sh 2>/dev/null | cut -d ' ' -f 1)"
