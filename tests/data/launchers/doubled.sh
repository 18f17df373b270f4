#!/bin/bash
# Words are escaped twice, as by a fork that did not see that they already were.
# shellcheck disable=SC2034 # the module beside it reads them
name=vllm_node image=vllm-node nodes='' eth='' solo='' daemon='' command=''
while [ $# -gt 0 ]; do
    case $1 in
        -n | --nodes) nodes=$2; shift ;;
        -t) image=$2; shift ;;
        --name) name=$2; shift ;;
        --eth-if) eth=$2; shift ;;
        --ib-if | -e | --apply-mod) shift ;;
        --solo) solo=yes ;;
        --no-ray) ;;
        -d) daemon=yes ;;
        -h | --help) printf '%s\n' "Usage: $0 [options] [action] [command]" "  --solo    one machine" "  --no-ray  without Ray"; exit 1 ;;
        exec)
            shift
            for word in "$@"; do
                printf -v once '%q' "$word"
                printf -v twice '%q ' "$once"
                command+=$twice
            done
            break
            ;;
        *) echo "Error: Unknown argument or action: $1"; exit 1 ;;
    esac
    shift
done
# shellcheck source=tests/data/launchers/autodiscover.sh
source "$(dirname "$0")/autodiscover.sh"
peers=()
[ -n "$solo" ] || detect_nodes || exit 1
check_local_ip || exit 1
mkdir -p "$HOME/.cache/vllm"
docker run -d --privileged --rm --network host --name "$name" -v "$HOME/.cache/vllm:/cache" "$image" sleep infinity
for peer in "${peers[@]}"; do
    ssh -o BatchMode=yes "$peer" "docker run -d --rm --network host --name $name $image sleep infinity"
done
[ ${#peers[@]} -eq 0 ] || docker exec -d "$name" bash -c "ray start --head >> /proc/1/fd/1 2>&1"
sleep 2
if [ -n "$daemon" ]; then
    docker exec -d "$name" bash -c "$command >> /proc/1/fd/1 2>&1"
    echo "Command dispatched in background (Daemon mode). Container: $name"
else
    docker exec -i "$name" bash -c "$command"
fi
