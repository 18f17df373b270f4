#!/bin/sh
# Installs the Debian packages that the tests need and that are missing. Says nothing when all is there;
# without root it changes nothing, and eng/test.sh leaves out what cannot run.
set -eu

# What each test needs, by the program that shows that it is there.
missing=
need() {
    PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
need ssh openssh-client
need sshd openssh-server
need dockerd docker.io
need iptables iptables
need debootstrap debootstrap
need chromium chromium
need docker-compose docker-compose
need shellcheck shellcheck
need git git
need curl curl
need promtool prometheus
need node nodejs
need npm npm
need openssl openssl
ldconfig -p 2>/dev/null | grep -q 'libsqlite3\.so\.0' || /sbin/ldconfig -p 2>/dev/null | grep -q 'libsqlite3\.so\.0' || missing="$missing libsqlite3-0"
[ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || missing="$missing fonts-dejavu-core"
[ -e /usr/share/zoneinfo/Europe/Berlin ] || missing="$missing tzdata"

if [ -z "$missing" ]; then
    exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "Not installed, and only root on Debian gets it installed here:$missing" >&2
    exit 0
fi

echo "Installing for the tests:$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
# policy-rc.d: the packages' own daemons (sshd, dockerd) are not started; the tests start theirs.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -f "$log" "$policy"' EXIT
fi
# shellcheck disable=SC2086 # a list of package names
if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; } >"$log" 2>&1; then
    tail -20 "$log" >&2
    echo "apt-get could not install:$missing" >&2
    exit 1
fi
