#!/bin/sh
# Readings of this host in one go; only reads. What cannot be read is left out.
#   $1 = home: $2 is below the login user's home;  abs: $2 is absolute
#   $2 = the Hugging Face home: its disk is the one that counts
# Everything after the first line "appliance-facts 1" is ours; see HostFactsReader.cs for the lines.
LC_ALL=C
export LC_ALL
case $1 in
home) cache=$HOME/$2 ;;
abs) cache=$2 ;;
*)
    echo "host-facts: the first parameter is home or abs" >&2
    exit 2
    ;;
esac
# A driver that hangs or a network disk that is gone must not hold up the other readings.
limited() {
    if command -v timeout >/dev/null 2>&1; then timeout 5 "$@"; else "$@"; fi
}
echo "appliance-facts 1"
read -r boot 2>/dev/null </proc/sys/kernel/random/boot_id && echo "boot $boot"
read -r load 2>/dev/null </proc/loadavg && echo "load $load"
awk '/^(MemTotal|MemAvailable):/ { print "memory " $1 " " $2 " " $3 }' /proc/meminfo 2>/dev/null
# The cache may not exist yet: then the nearest folder above it tells the disk.
while [ ! -d "$cache" ] && [ "$cache" != / ] && [ -n "$cache" ]; do
    case $cache in
    */*) cache=${cache%/*} ;;
    *) cache= ;;
    esac
done
limited df -Pk -- "${cache:-/}" 2>/dev/null | awk 'NR == 2 { print "disk " $0 }'
if command -v nvidia-smi >/dev/null 2>&1; then
    limited nvidia-smi --query-gpu=name,temperature.gpu,power.draw,utilization.gpu --format=csv,noheader,nounits 2>/dev/null |
        sed 's/^/gpu /'
    limited nvidia-smi --query-compute-apps=pid,process_name,used_memory --format=csv,noheader,nounits 2>/dev/null |
        sed 's/^/app /'
    echo "apps read"
fi
for link in /sys/class/net/*; do
    [ -e "$link/device" ] || continue
    state=
    speed=
    read -r state 2>/dev/null <"$link/operstate"
    # Reading the speed of a link that is down is an error (EINVAL).
    read -r speed 2>/dev/null <"$link/speed"
    echo "link ${link##*/} ${state:-unknown} ${speed:-unknown}"
done
if command -v ip >/dev/null 2>&1; then
    limited ip -o -4 addr 2>/dev/null | awk '$2 ~ /^(tailscale|wg|tun)[0-9A-Za-z_.-]*$/ { print "vpn " $2 " " $4 }'
fi
echo "end"
