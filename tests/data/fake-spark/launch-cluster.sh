#!/usr/bin/env bash
# Stands in for launch-cluster.sh of eugr/spark-vllm-docker: the same options, texts, quoting and exit codes as far as a
# controller can see them, in words of our own. It reaches no other machine.
image=vllm-node
name=vllm_node
nodes=''
mode=auto
daemon=''
action=''
check=''
nonprivileged=''
cache_dirs=yes
docker_env=''
docker_extra=''
mods=()
command=''

usage() {
    cat <<'TEXT'
Usage: ./launch-cluster.sh [options] start|stop|status|exec <command>
  -n, --nodes a,b      -t IMAGE           --name NAME        --eth-if IF   --ib-if IF
  -e, --env VAR=value  -j N               --apply-mod PATH   --launch-script PATH
  --check-config       --solo             --ray              --no-ray
  --master-port PORT   --head-port PORT   -p, --publish H:C  -v, --volume L:C
  --no-cache-dirs      --keep-entrypoint  -d                 --non-privileged
  --mem-limit-gb N     --mem-swap-limit-gb N  --pids-limit N --shm-size-gb N
  --nccl-debug LEVEL   --config FILE      -h, --help
TEXT
    exit 1
}

fail() { printf 'Error: %s\n' "$1"; exit 1; }

while [ $# -gt 0 ]; do
    case $1 in
    -n | --nodes) nodes=$2; shift ;;
    -t) image=$2; shift ;;
    --name) name=$2; shift ;;
    -e | --env) docker_env="$docker_env -e $2"; shift ;;
    -v | --volume) docker_extra="$docker_extra -v $2"; shift ;;
    -p | --publish) docker_extra="$docker_extra -p $2"; shift ;;
    --eth-if | --ib-if | -j | --master-port | --head-port | --config | --launch-script) shift ;;
    --mem-limit-gb | --mem-swap-limit-gb | --pids-limit | --shm-size-gb) shift ;;
    --apply-mod) mods+=("$2"); shift ;;
    --check-config) check=yes ;;
    --solo) mode=solo ;;
    --ray | --no-ray) [ "$mode" = solo ] && fail "$1 cannot be used in solo mode."; mode=${1#--} ;;
    --nccl-debug) case ${2:-} in VERSION | WARN | INFO | TRACE) shift ;; esac ;;
    --no-cache-dirs) cache_dirs='' ;;
    --keep-entrypoint) ;;
    -d) daemon=yes ;;
    --non-privileged) nonprivileged=yes ;;
    -h | --help) usage ;;
    start | stop | status) action=$1 ;;
    exec)
        action="exec"
        shift
        command=$(printf "%q " "$@")
        break
        ;;
    *) printf 'Error: Unknown argument or action: %s\n' "$1"; usage ;;
    esac
    shift
done
[ -n "$action$check" ] || { printf 'Error: No action specified.\n'; usage; }

# A name in the .env file wins over the usual one, also where that was asked for.
env_file=$(dirname "$0")/.env
if [ -f "$env_file" ]; then
    printf 'Loading configuration from .env file...\n'
    if grep -Ev '^[[:space:]]*(#|$)' "$env_file" | grep -Evq '^[[:space:]]*[A-Za-z_][A-Za-z0-9_]*[[:space:]]*='; then
        fail 'Invalid .env file syntax. Aborting.'
    fi
    DOTENV_CONTAINER_NAME=$(sed -n 's/^CONTAINER_NAME=//p' "$env_file" | tr -d "\"'")
    [ "$name" != vllm_node ] || name=${DOTENV_CONTAINER_NAME:-vllm_node}
fi

head=127.0.0.1
workers=''
if [ "$mode" = solo ]; then
    printf 'Solo mode enabled. Skipping node detection.\n'
else
    printf 'Auto-detecting interfaces...\n'
    up=$(ibdev2netdev | grep -c 'Up)')
    [ "$up" -eq 2 ] || [ "$up" -eq 4 ] || fail "Unexpected number of active CX7 interfaces ($up). Expected 2 (non-mesh) or 4 (mesh)."
    printf '  Non-mesh mode: 2 CX7 interfaces active.\n'
    if [ -n "$nodes" ]; then
        head=${nodes%%,*}
        [ "$head" = "$nodes" ] || workers=${nodes#*,}
    fi
    [ -n "$workers" ] || printf 'Only local node detected/configured. Activating solo mode (no Ray cluster).\n'
fi
printf 'Head Node: %s\nWorker Nodes: %s\nContainer Name: %s\nImage Name: %s\nAction: %s\n' "$head" "$workers" "$name" "$image" "$action"
[ -z "$check" ] || exit 0

is_listed() { docker ps --format '{{.Names}}' | grep -q "$name"; }

stop_all() {
    printf '\nStopping cluster...\nStopping head node (%s)...\n' "$head"
    docker stop "$name" >/dev/null 2>&1
    printf 'Cluster stopped.\n'
}

start_container() {
    if is_listed; then
        printf "Warning: Container '%s' is already running on head node (%s).\n" "$name" "$head"
        printf 'Cluster containers are already running. Skipping launch.\n'
        return
    fi
    local how='--privileged --ipc=host'
    if [ -n "$nonprivileged" ]; then
        printf 'Running in non-privileged mode...\n'
        how='--cap-add=IPC_LOCK --shm-size=64g'
    fi
    local mounts="-v ${HF_HOME:-$HOME/.cache/huggingface}:/home/vllm/.cache/huggingface"
    [ -z "$cache_dirs" ] || mounts="$mounts -v $HOME/.cache/vllm:/home/vllm/.cache/vllm"
    printf 'Starting Head Node on %s...\n' "$head"
    # Unquoted as in the original: a value with a space breaks the docker command line. A failure is not looked at.
    # shellcheck disable=SC2086
    docker run $how --ulimit nofile=1048576:1048576 -e VLLM_HOST_IP="$head" --gpus all -d --rm --network host --name "$name" --entrypoint= \
        -e NCCL_IGNORE_CPU_AFFINITY=1 $mounts $docker_extra ${VLLM_SPARK_EXTRA_DOCKER_ARGS:-} $docker_env "$image" sleep infinity
    local mod
    for mod in ${mods[@]+"${mods[@]}"}; do
        printf "Applying modifications to cluster nodes...\nApplying mod '%s' to %s...\n" "${mod##*/}" "$head"
        [ -e "$mod/run.sh" ] || fail "Patch script failed on $head"
    done
    sleep "${FAKE_SPARK_SETTLE:-0.1}"
}

case $action in
status)
    printf 'Checking status...\n'
    if is_listed; then what='RUNNING'; else what='NOT running'; fi
    printf "[HEAD] %s: Container '%s' is %s.\n" "$head" "$name" "$what"
    ;;
stop) stop_all ;;
start)
    start_container
    [ -n "$daemon" ] || { trap stop_all EXIT; docker logs --follow "$name"; exit; }
    printf 'Cluster started in background (Daemon mode).\n'
    ;;
exec)
    [ -n "$daemon" ] || trap stop_all EXIT
    start_container
    printf 'Executing command: %s\n' "$command"
    if [ -n "$daemon" ]; then
        docker exec -d "$name" bash -c "$command >> /proc/1/fd/1 2>&1"
        printf 'Command dispatched in background (Daemon mode). Container: %s\n' "$name"
        exit 0
    fi
    docker exec -i "$name" bash -c "$command"
    ;;
esac
