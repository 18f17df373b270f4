#!/usr/bin/env bash
# Makes local stand-ins for the two .NET base images that the Dockerfile names, for machines that cannot pull them.
#
#   eng/local-dotnet-images.sh           makes what is missing or out of date
#   eng/local-dotnet-images.sh --names   prints the names of the two images
#
# A Debian "minbase" file system (debootstrap, from the mirror that apt uses here) plus the .NET SDK installed here, laid
# out as in the official images: /usr/share/dotnet, user "app" 1654, the same DOTNET_* variables. Certificates in
# /usr/local/share/ca-certificates are trusted in the images too, as a build behind a company proxy needs them.
# Never push these images. Needs root, debootstrap and a Docker daemon. DOCKER names the client.
set -euo pipefail
cd "$(dirname "$0")/.."

die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

tag=$(sed -n 's/^ARG DOTNET_VERSION=//p' Dockerfile)
prefix=$(sed -n 's|^FROM \(.*/\)aspnet:.*|\1|p' Dockerfile)
aspnet=${prefix}aspnet:$tag
sdk=${prefix}sdk:$tag
if [[ ${1:-} == --names ]]; then
    printf '%s\n' "$aspnet" "$sdk"
    exit 0
fi

[[ $(id -u) == 0 ]] || die "must run as root"
command -v debootstrap >/dev/null || die "debootstrap is not installed"
docker=${DOCKER:-docker}
label=local.dotnet-stand-in
cache=${XDG_CACHE_HOME:-$HOME/.cache}/appliance

# What the images are made of; the fingerprint says whether the ones that are there are still right.
# shellcheck source=/dev/null
. /etc/os-release
suite=$VERSION_CODENAME
case $suite in
    bookworm) icu=libicu72 ssl=libssl3 ;;
    trixie)   icu=libicu76 ssl=libssl3t64 ;;
    *)        die "only Debian bookworm and trixie are known here, not '$suite'" ;;
esac
packages=ca-certificates,libgcc-s1,$icu,$ssl,libstdc++6,tzdata,zlib1g
dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
newest() { find "$1" -mindepth 1 -maxdepth 1 -name "$tag.*" -printf '%f\n' | sort -V | tail -1; }
runtime=$(newest "$dotnet/shared/Microsoft.NETCore.App")
web=$(newest "$dotnet/shared/Microsoft.AspNetCore.App")
tools=$(newest "$dotnet/sdk")
[[ $runtime && $web && $tools ]] || die "$dotnet holds no .NET SDK $tag"

work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
mkdir "$work/ca"
find /usr/local/share/ca-certificates -name '*.crt' -exec cp -Lt "$work/ca" {} + 2>/dev/null || true
fingerprint=$( (cat "$0"; echo "$suite $runtime $web $tools"; cat "$work"/ca/* 2>/dev/null || true) | sha256sum | cut -c1-16)

label_of() { "$docker" image inspect -f "{{ index .Config.Labels \"$label\" }}" "$1" 2>/dev/null || true; }
exists() { "$docker" image inspect "$1" >/dev/null 2>&1; }
if [[ $(label_of "$aspnet") == "$fingerprint" && $(label_of "$sdk") == "$fingerprint" ]]; then
    exit 0
fi
for image in "$aspnet" "$sdk"; do
    ! exists "$image" || [[ $(label_of "$image") ]] || die "$image is there and was not made here; it is left alone"
done

# 1. Debian. The tarball is kept: it takes most of the time.
tarball=$cache/debian-$suite.tar
if [[ ! -s $tarball ]]; then
    mirror=$( (cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null || true) |
        sed -nE 's,^(URIs:|deb( \[[^]]*\])?) +(https?://[^ ]*/debian)/?( .*)?$,\3,p' | head -1)
    [[ $mirror ]] || die "apt names no Debian mirror here"
    echo "debootstrap $suite"
    root=$work/root
    debootstrap --variant=minbase --include="$packages" "$suite" "$root" "$mirror" >"$work/log" 2>&1 ||
        { tail -20 "$work/log" >&2; die "debootstrap failed"; }
    rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,info,locale}/* "$root/etc/hostname"
    : >"$root/etc/resolv.conf"
    printf 'deb %s %s main\n' "$mirror" "$suite" "$mirror" "$suite-updates" "$mirror-security" "$suite-security" \
        >"$root/etc/apt/sources.list"
    # Nothing is started while packages are installed in a build.
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod 755 "$root/usr/sbin/policy-rc.d"
    mkdir -p "$cache"
    tar --numeric-owner -C "$root" --exclude='./dev/*' --exclude='./proc/*' --exclude='./sys/*' -cf "$tarball.part" .
    mv "$tarball.part" "$tarball"
    rm -rf --one-file-system "$root"
fi
base=local-dotnet-base:$suite
"$docker" import --change "LABEL $label=$fingerprint" --change 'CMD ["bash"]' "$tarball" "$base" >/dev/null

# The classic builder: it looks for a base image here before it asks a registry, in every version of Docker.
# The context is a stream, so that the .NET folder is not copied first.
build() {
    DOCKER_BUILDKIT=0 "$docker" build --network host -t "$1" - >"$work/log" 2>&1 ||
        { tail -30 "$work/log" >&2; die "building $1 failed"; }
}
context() { tar -c --owner=0 --group=0 -C "$work" Dockerfile ca -C "$dotnet" --transform 's,^\(dotnet$\|host/\|shared/\|sdk\|packs\|templates\),dotnet/\1,' "$@"; }

# 2. The runtime.
echo "building $aspnet"
cat >"$work/Dockerfile" <<DOCKERFILE
FROM $base
LABEL $label=$fingerprint
ENV APP_UID=1654 ASPNETCORE_HTTP_PORTS=8080 DOTNET_RUNNING_IN_CONTAINER=true DOTNET_VERSION=$runtime ASPNET_VERSION=$web
COPY ca/ /usr/local/share/ca-certificates/
RUN update-ca-certificates >/dev/null && useradd --no-log-init --uid=1654 --user-group --create-home app
COPY dotnet/ /usr/share/dotnet/
RUN ln -s /usr/share/dotnet/dotnet /usr/bin/dotnet && dotnet --list-runtimes
DOCKERFILE
context dotnet "host/fxr/$runtime" "shared/Microsoft.NETCore.App/$runtime" "shared/Microsoft.AspNetCore.App/$web" | build "$aspnet"

# 3. The SDK.
echo "building $sdk"
cat >"$work/Dockerfile" <<DOCKERFILE
FROM $aspnet
LABEL $label=$fingerprint
ENV DOTNET_NOLOGO=true DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false NUGET_XMLDOC_MODE=skip \\
    NUGET_CERT_REVOCATION_MODE=${NUGET_CERT_REVOCATION_MODE:-online} DOTNET_SDK_VERSION=$tools
COPY dotnet/ /usr/share/dotnet/
RUN dotnet --list-sdks
DOCKERFILE
parts=("sdk/$tools")
for part in sdk-manifests packs templates; do
    [[ ! -d $dotnet/$part ]] || parts+=("$part")
done
context "${parts[@]}" | build "$sdk"
