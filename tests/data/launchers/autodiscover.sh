#!/usr/bin/env bash
# Stands in for the module of that name: what the machine's own address is, and which other machines there are.
# shellcheck disable=SC2154 # the launcher sets them
detect_local_ip() {
    [ -n "$LOCAL_IP" ] || LOCAL_IP=$(ip -o -f inet addr show "$eth" | awk '{ sub("/.*", "", $4); print $4 }' | head -n 1)
    [ -n "$LOCAL_IP" ]
}

detect_nodes() {
    detect_local_ip || return 1
    peers=()
    local node
    for node in ${nodes//,/ }; do
        [ "$node" = "$LOCAL_IP" ] || peers+=("$node")
    done
}

# As the real ones do, every address is trimmed with xargs, which needs the program echo.
check_local_ip() {
    LOCAL_IP=${LOCAL_IP:-127.0.0.1}
    nodes=${nodes:-$LOCAL_IP}
    local node
    for node in ${nodes//,/ }; do
        [ "$(echo "$node" | xargs)" != "$LOCAL_IP" ] || return 0
    done
    echo "Error: Local IP ($LOCAL_IP) is not in the list of nodes ($nodes)."
    return 1
}
