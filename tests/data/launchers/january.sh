#!/bin/bash
# Words are joined with blanks and read once more by the container's bash. Knows no solo mode: without a cable it starts nothing.
# shellcheck disable=SC2034 # the module beside it reads them
name=vllm_node image=vllm-node nodes='' eth='' ib='' mod='' action='' command=''
while [ $# -gt 0 ]; do
    case $1 in
        -n | --nodes) nodes=$2; shift ;;
        -t) image=$2; shift ;;
        --name) name=$2; shift ;;
        --eth-if) eth=$2; shift ;;
        --ib-if) ib=$2; shift ;;
        --apply-mod) mod=$2; shift ;;
        -d) ;;
        -h | --help) echo "Usage: $0 [-n nodes] [-t image] [--name container] [--eth-if if] [--ib-if if] [--apply-mod path] [-d] [action] [command]"; exit 1 ;;
        start | stop | status) action=$1 ;;
        exec) action='exec'; shift; command="$*"; break ;;
        *) action='exec'; command="$*"; break ;;
    esac
    shift
done
# shellcheck source=tests/data/launchers/autodiscover.sh
source "$(dirname "$0")/autodiscover.sh"
[ -n "$eth$ib" ] || { echo "Error: no interfaces were found."; exit 1; }
detect_nodes || exit 1
check_local_ip || exit 1
[ "$action" = exec ] || exit 0
trap 'docker stop "$name" >/dev/null 2>&1' EXIT
docker ps --format '{{.Names}}' | grep -q "^$name$" || docker run -d --privileged --rm --network host --name "$name" "$image" sleep infinity
[ -z "$mod" ] || docker exec "$name" mkdir -p /workspace/mods
for try in 1 2 3; do
    docker exec "$name" ray status >/dev/null 2>&1 && break
    sleep "$try"
done
docker exec -i "$name" bash -i -c "$command"
