#!/bin/bash
# Words are escaped one by one; on several machines each gets the command, the others' escaped once more for ssh, with words of the launcher's own.
# shellcheck disable=SC2034 # the module beside it reads them
name=vllm_node image=vllm-node nodes='' eth='' solo='' command=''
while [ $# -gt 0 ]; do
    case $1 in
        -n | --nodes) nodes=$2; shift ;;
        -t) image=$2; shift ;;
        --name) name=$2; shift ;;
        --eth-if) eth=$2; shift ;;
        --ib-if | -e | --apply-mod) shift ;;
        --solo) solo=yes ;;
        --ray | --no-ray | -d) ;;
        -h | --help) printf '%s\n' "Usage: $0 [options] [action] [command]" "  --solo   one machine" "  --ray    with Ray"; exit 1 ;;
        exec) shift; command=$(printf '%q ' "$@"); break ;;
        *) echo "Error: Unknown argument or action: $1"; exit 1 ;;
    esac
    shift
done
# shellcheck source=tests/data/launchers/autodiscover.sh
source "$(dirname "$0")/autodiscover.sh"
peers=()
[ -n "$solo" ] || detect_nodes || exit 1
check_local_ip || exit 1
head_image=$(docker image inspect --format '{{.Id}}' "$image")
for peer in "${peers[@]}"; do
    [ "$(ssh -o BatchMode=yes "$peer" "docker image inspect --format '{{.Id}}' $image")" = "$head_image" ] || { echo "Error: Docker image mismatch on worker node ($peer):"; exit 1; }
done
docker run -d --privileged --rm --network host --name "$name" "$image" sleep infinity
for peer in "${peers[@]}"; do
    ssh -o BatchMode=yes "$peer" "docker run -d --rm --network host --name $name $image sleep infinity"
done
sleep 2
if [ ${#peers[@]} -gt 0 ] && echo "$command" | grep -q 'vllm serve'; then
    rank=1
    for peer in "${peers[@]}"; do
        printf -v remote 'docker exec -d %q bash -c %q' "$name" "$command --nnodes $((1 + ${#peers[@]})) --node-rank $rank --headless >> /proc/1/fd/1 2>&1"
        ssh -o BatchMode=yes "$peer" "$remote"
        rank=$((rank + 1))
    done
    command="$command --nnodes $((1 + ${#peers[@]})) --node-rank 0"
fi
docker exec -d "$name" bash -c "$command >> /proc/1/fd/1 2>&1"
echo "Command dispatched in background (Daemon mode). Container: $name"
