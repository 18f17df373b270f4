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
